/** What a model says about samples, and its loss on them. */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { batchesOf, labelTensor, outputUnits, writeProbabilities } from './batches.ts';
import type { InputSource } from './input-source.ts';
import { defaultLoss, type LossConfig } from './losses/index.ts';
import { type ModelOutput, useModelOutput } from './model-output.ts';
import type { TrainingConfig } from './schema.ts';
import { batchLoss } from './train-step.ts';

/** Called after each batch with how many are done. */
export type OnBatch = (done: number, batches: number) => void;

/**
 * Class probabilities of the samples in the order of `indices`: row-major [indices, classes];
 * one sigmoid unit is spread to two columns.
 */
export function predict(
  tf: Engine,
  model: LayersModel,
  input: InputSource,
  indices: Uint32Array,
  batchSize: number,
  onProgress?: OnBatch,
): Float64Array {
  const sink = probabilitySink(model, indices.length);
  forEachBatch(tf, model, input, batchesOf(indices, batchSize), onProgress, ({ outputs }) => {
    sink.add(outputs);
  });
  return sink.probabilities;
}

/**
 * Loss over the samples with the penalties of the regularisers, unweighted, as Keras's `evaluate`.
 * `labels`: class of each of `indices`, in the same order.
 */
export function evaluateLoss(
  tf: Engine,
  model: LayersModel,
  input: InputSource,
  indices: Uint32Array,
  labels: Int32Array,
  config: Pick<TrainingConfig, 'loss' | 'batch_size'>,
): number {
  const batches = batchesOf(indices, config.batch_size);
  return evaluate(tf, { model, input, batches, labels, loss: config.loss }).loss;
}

export type Evaluation = {
  readonly loss: number;
  /** Row-major [samples, classes]. */
  readonly probabilities: Float64Array;
};

/** Loss and probabilities in one pass; `labels` are those of all batches' samples in order. */
export function evaluate(
  tf: Engine,
  part: {
    readonly model: LayersModel;
    readonly input: InputSource;
    readonly batches: readonly Uint32Array[];
    readonly labels: Int32Array;
    readonly loss: LossConfig | undefined;
  },
): Evaluation {
  const { model, input, batches, labels } = part;
  const units = outputUnits(model);
  const loss = part.loss ?? defaultLoss(units);
  const samples = batches.reduce((sum, batch) => sum + batch.length, 0);
  const sink = probabilitySink(model, samples);
  let total = 0;
  let row = 0;
  forEachBatch(tf, model, input, batches, undefined, (output, batch) => {
    const expected = labelTensor(tf, labels.subarray(row, row + batch.length), units);
    const value = batchLoss(tf, model, loss, { ...output, labels: expected }).dataSync()[0];
    total += (value ?? Number.NaN) * batch.length;
    row += batch.length;
    sink.add(output.outputs);
  });
  return { loss: total / samples, probabilities: sink.probabilities };
}

function forEachBatch(
  tf: Engine,
  model: LayersModel,
  input: InputSource,
  batches: readonly Uint32Array[],
  onProgress: OnBatch | undefined,
  use: (output: ModelOutput, batch: Uint32Array) => void,
): void {
  batches.forEach((batch, index) => {
    tf.tidy(() =>
      useModelOutput(tf, model, input.read(batch), { training: false }, (output) =>
        use(output, batch),
      ),
    );
    onProgress?.(index + 1, batches.length);
  });
}

/** Collects outputs of batches as probabilities. */
export function probabilitySink(model: LayersModel, samples: number) {
  const units = outputUnits(model);
  const probabilities = new Float64Array(samples * Math.max(2, units));
  let row = 0;
  return {
    probabilities,
    add(outputs: Tensor): void {
      writeProbabilities(outputs.dataSync(), units, probabilities, row);
      row += outputs.shape[0] ?? 0;
    },
  };
}
