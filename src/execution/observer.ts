/** What a run tells whoever watches it: the terminal, the journal, a program. */
import type { EpochRecord } from '../training/epoch-record.ts';

export type RunObserver = {
  /** A step that may take a while: `done` of `total` where it can be counted. */
  onStep(what: string, done?: number, total?: number): void;
  onNote(message: string): void;
  onFoldStarted(fold: number): void;
  onBatch(fold: number, epoch: number, batch: number, batches: number): void;
  onEpoch(fold: number, record: EpochRecord): void;
  onFoldEnded(
    fold: number,
    status: 'completed' | 'failed' | 'interrupted',
    reason?: string | undefined,
  ): void;
};

/** Tells several watchers the same. */
export function combineObservers(observers: readonly RunObserver[]): RunObserver {
  return {
    onStep: (...told) => observers.forEach((one) => void one.onStep(...told)),
    onNote: (...told) => observers.forEach((one) => void one.onNote(...told)),
    onFoldStarted: (...told) => observers.forEach((one) => void one.onFoldStarted(...told)),
    onBatch: (...told) => observers.forEach((one) => void one.onBatch(...told)),
    onEpoch: (...told) => observers.forEach((one) => void one.onEpoch(...told)),
    onFoldEnded: (...told) => observers.forEach((one) => void one.onFoldEnded(...told)),
  };
}
