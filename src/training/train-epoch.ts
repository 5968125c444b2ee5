/** One pass over the train part. */
import { setImmediate } from 'node:timers/promises';
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { ExperimentError } from '../errors.ts';
import { batchesOf, labelTensor, outputUnits } from './batches.ts';
import { drawsAt, shuffled } from './draws.ts';
import type { InputSource } from './input-source.ts';
import { mixingMask } from './mixing.ts';
import { type Evaluation, probabilitySink } from './predict.ts';
import type { TrainingConfig } from './schema.ts';
import type { StepRunner } from './step-runner.ts';

export type EpochPlan = {
  readonly tf: Engine;
  readonly model: LayersModel;
  readonly input: InputSource;
  readonly runner: StepRunner;
  readonly config: TrainingConfig;
  /** Samples to train on, after resampling. */
  readonly indices: Uint32Array;
  /** Class of each sample of the dataset. */
  readonly labels: Int32Array;
  /** Weight of each class. */
  readonly classWeights: Float32Array;
  readonly seed: number;
  /** Counted from 1 over all phases. */
  readonly epoch: number;
  /** Most batches to run (a smoke run). */
  readonly limit: number;
  /** Learning rate of the update after `steps` others of this epoch. */
  learningRateAt(steps: number): number;
  shouldStop(): boolean;
  onProgress(done: number, batches: number): void;
};

export type TrainedEpoch = Evaluation & {
  /** Samples in the order in which they were trained on. */
  readonly order: Uint32Array;
  readonly steps: number;
};

/**
 * Trains one epoch in an order that seed and epoch decide. The loss is the mean over samples of
 * the batches' losses (penalties and weights included), the probabilities are those that training
 * saw, as Keras's `fit` reports them. Undefined when it was asked to stop in between.
 *
 * @throws {ExperimentError} INCONCLUSIVE at the first loss that is not a finite number.
 */
export async function trainEpoch(plan: EpochPlan): Promise<TrainedEpoch | undefined> {
  const { tf, model, seed, epoch } = plan;
  const shuffledIndices = shuffled(plan.indices, drawsAt(seed, 'order', epoch));
  const batches = batchesOf(shuffledIndices, plan.config.batch_size, plan.limit);
  const samples = batches.reduce((sum, batch) => sum + batch.length, 0);
  const sink = probabilitySink(model, samples);
  let total = 0;
  for (const [index, batch] of batches.entries()) {
    if (plan.shouldStop()) return undefined;
    const inputs = tf.tidy(() => stepInputs(plan, batch, index));
    const results = plan.runner.run(inputs);
    const [loss, outputs] = results;
    if (!loss || !outputs) throw new Error('a training step gives a loss and outputs');
    const value = loss.dataSync()[0] ?? Number.NaN;
    sink.add(outputs, batch.length);
    tf.dispose([inputs, results]);
    if (!Number.isFinite(value)) throw notANumber(value, epoch, index + 1);
    total += value * batch.length;
    plan.onProgress(index + 1, batches.length);
    await setImmediate(); // lets messages in: without it nobody could ask to stop
  }
  const order = shuffledIndices.subarray(0, samples);
  return { loss: total / samples, probabilities: sink.probabilities, order, steps: batches.length };
}

/** Inputs of the training step (see TrainStep) for one batch. */
function stepInputs(plan: EpochPlan, batch: Uint32Array, index: number): Tensor[] {
  const { tf, model, input, config, seed, epoch } = plan;
  const labels = Array.from(batch, (sample) => plan.labels[sample] ?? 0);
  const weights = labels.map((label) => plan.classWeights[label] ?? 1);
  const inputs = [
    input.read(batch),
    labelTensor(tf, labels, outputUnits(model)),
    tf.tensor1d(weights),
    tf.scalar(plan.learningRateAt(index)),
  ];
  if (!config.mixup && !config.cutmix) return inputs;
  const [height = 1, width = 1] = input.shape;
  const mask = mixingMask(config, height, width, drawsAt(seed, 'mixing', epoch, index));
  return [...inputs, tf.tensor4d(mask, [1, height, width, 1])];
}

const notANumber = (loss: number, epoch: number, batch: number) =>
  new ExperimentError(
    'INCONCLUSIVE',
    `The loss became ${loss} in epoch ${epoch}, batch ${batch}.`,
    'A lower learning rate, clipnorm on the optimizer, or scaled pixels usually help.',
  );
