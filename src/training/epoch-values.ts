/** What is reported of an epoch: loss and monitored metrics of the train and validation parts. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { FoldTask } from './fold-task.ts';
import { batchLimit } from './fold-task.ts';
import { monitorValues } from './monitors.ts';
import { type Evaluation, evaluateWith } from './predict.ts';
import type { StepRunner } from './step-runner.ts';
import type { TrainedEpoch } from './train-epoch.ts';

/**
 * `loss`, the monitors, and both with `val_` where there is a validation part. Those of the train
 * part come from what the model gave while it trained, as in Keras's `fit`.
 */
export function epochValues(
  task: FoldTask,
  runner: Pick<StepRunner, 'evaluate'>,
  trained: TrainedEpoch,
): Record<string, number> {
  const train = partValues(task, trained, trained.order);
  const { tf, model, input, config, fold } = task;
  if (fold.validation.length === 0) return train;
  const { batch_size: batchSize } = config;
  const indices = fold.validation.subarray(0, batchLimit(task) * batchSize);
  const samples = { indices, labels: labelsOf(task, indices) };
  const run = (...inputs: Tensor[]) => runner.evaluate(inputs);
  const evaluation = evaluateWith(tf, { run, model, input }, samples, { batchSize });
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
