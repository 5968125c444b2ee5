/**
 * The variance of a mean over folds. Folds share training data, so that s²/k is too small; Nadeau
 * and Bengio ("Inference for the generalization error", 2003) take SE² = s²(1/k + n_test/n_train).
 */
import { mean, standardDeviation } from './mean.ts';
import { studentQuantile } from './student-t.ts';

/** Samples of one fold; `train` without the validation part. */
export type FoldSize = { readonly test: number; readonly train: number };

/** Standard error of the mean over folds; the folds' mean ratio of sizes is taken. */
export function correctedStandardError(
  values: readonly number[],
  sizes: readonly FoldSize[],
): number {
  const ratio = mean(sizes.map(({ test, train }) => test / train));
  return standardDeviation(values) * Math.sqrt(1 / values.length + ratio);
}

/** 95 % interval of the mean: Student's t with k − 1 degrees of freedom. Null for one value. */
export function correctedInterval(
  values: readonly number[],
  sizes: readonly FoldSize[],
): readonly [number, number] | null {
  if (values.length < 2) return null;
  const half = studentQuantile(0.975, values.length - 1) * correctedStandardError(values, sizes);
  const center = mean(values);
  return [center - half, center + half];
}
