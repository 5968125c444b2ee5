/** What is reported of an epoch: loss and monitored metrics of the train and validation parts. */
import { batchesOf } from './batches.ts';
import type { FoldTask } from './fold-task.ts';
import { batchLimit } from './fold-task.ts';
import { monitorValues } from './monitors.ts';
import { type Evaluation, evaluate } from './predict.ts';
import type { TrainedEpoch } from './train-epoch.ts';

/**
 * `loss`, the monitors, and both with `val_` where there is a validation part. Those of the train
 * part come from what the model gave while it trained, as in Keras's `fit`.
 */
export function epochValues(task: FoldTask, trained: TrainedEpoch): Record<string, number> {
  const train = partValues(task, trained, trained.order);
  const { tf, model, input, config, fold } = task;
  if (fold.validation.length === 0) return train;
  const batches = batchesOf(fold.validation, config.batch_size, batchLimit(task));
  const samples = batches.reduce((sum, batch) => sum + batch.length, 0);
  const indices = fold.validation.subarray(0, samples);
  const labels = labelsOf(task, indices);
  const evaluation = evaluate(tf, { model, input, batches, labels, loss: config.loss });
  const validation = Object.entries(partValues(task, evaluation, indices));
  return { ...train, ...Object.fromEntries(validation.map(([name, v]) => [`val_${name}`, v])) };
}

const labelsOf = ({ labels }: FoldTask, indices: Uint32Array): Int32Array =>
  Int32Array.from(indices, (sample) => labels[sample] ?? 0);

const partValues = (
  task: FoldTask,
  { loss, probabilities }: Evaluation,
  indices: Uint32Array,
): Record<string, number> => ({
  loss,
  ...monitorValues(task.monitors, {
    indices,
    labels: labelsOf(task, indices),
    probabilities,
    classes: task.classes,
    loss,
  }),
});
