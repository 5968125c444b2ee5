/** Samples in batches, as tensors and as labels. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';

/** Consecutive stretches of `indices`; the last may be shorter. `limit` bounds their number. */
export function batchesOf(
  indices: Uint32Array,
  batchSize: number,
  limit: number = Number.POSITIVE_INFINITY,
): Uint32Array[] {
  const count = Math.min(Math.ceil(indices.length / batchSize), limit);
  return Array.from({ length: count }, (_, batch) =>
    indices.subarray(batch * batchSize, (batch + 1) * batchSize),
  );
}

/** The first `length` entries, the last one repeated where there are fewer. */
export function filledUp<Values extends Uint32Array | Int32Array>(
  values: Values,
  length: number,
): Values {
  // subarray and slice of a typed array give the same type.
  if (values.length >= length) return values.subarray(0, length) as Values;
  const Type = values.constructor as new (length: number) => Values;
  const filled = new Type(length).fill(values.at(-1) ?? 0) as Values;
  filled.set(values);
  return filled;
}

/** One-hot labels [labels, units], float32; with one unit the class index itself, [labels, 1]. */
export function labelTensor(tf: Engine, labels: ArrayLike<number>, units: number): Tensor {
  const values = new Float32Array(labels.length * units);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? 0;
    if (units === 1) values[row] = label;
    else values[row * units + label] = 1;
  }
  return tf.tensor2d(values, [labels.length, units]);
}

/** Units of the model's output. */
export const outputUnits = (model: { outputs: readonly { shape: (number | null)[] }[] }): number =>
  model.outputs[0]?.shape.at(-1) ?? 1;

/** Probabilities [rows, classes] in float64; one sigmoid unit p becomes the columns 1 − p and p. */
export function writeProbabilities(
  values: ArrayLike<number>,
  units: number,
  into: Float64Array,
  atRow: number,
): void {
  if (units > 1) {
    for (let i = 0; i < values.length; i++) into[atRow * units + i] = values[i] ?? Number.NaN;
    return;
  }
  for (let row = 0; row < values.length; row++) {
    const positive = values[row] ?? Number.NaN;
    into[(atRow + row) * 2] = 1 - positive;
    into[(atRow + row) * 2 + 1] = positive;
  }
}
