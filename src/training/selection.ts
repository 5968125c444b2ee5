/** Which epoch's weights are the model's, by the callbacks of the config. */
import type { TrainingConfig } from './schema.ts';

export type Selection = {
  readonly rule: 'early_stopping' | 'model_checkpoint' | 'last_epoch';
  readonly monitor: string | null;
};

/** A selection with the place of its callback in the list. */
export type SelectionRule = Selection & { readonly callback: number | null };

/**
 * early_stopping with restore_best_weights wins over model_checkpoint with save_best_only, and of
 * several the last one listed; with neither, the last epoch's weights are the model's.
 */
export function selectionRule({ callbacks }: Pick<TrainingConfig, 'callbacks'>): SelectionRule {
  const last = (matches: (callback: (typeof callbacks)[number]) => boolean) =>
    callbacks.findLastIndex(matches);
  const stopping = last((one) => one.type === 'early_stopping' && one.restore_best_weights);
  const checkpoint = last((one) => one.type === 'model_checkpoint' && one.save_best_only);
  const index = stopping >= 0 ? stopping : checkpoint;
  const winner = callbacks[index];
  return winner?.type === 'early_stopping' || winner?.type === 'model_checkpoint'
    ? { rule: winner.type, monitor: winner.monitor, callback: index }
    : { rule: 'last_epoch', monitor: null, callback: null };
}
