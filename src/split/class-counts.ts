/** Counting samples by class, and the error for a class too small to stratify by. */
import { ExperimentError } from '../errors.ts';

/** Samples of each class, [classes], of all samples or of those at `indices`. */
export function classCounts(
  labels: ArrayLike<number>,
  classes: number,
  indices?: Iterable<number>,
): number[] {
  const counts = new Array<number>(classes).fill(0);
  const add = (label: number) => {
    counts[label] = (counts[label] ?? 0) + 1;
  };
  if (indices)
    for (const i of indices) add(labels[i] as number); // indices of samples
  else for (let i = 0; i < labels.length; i++) add(labels[i] as number); // i < length
  return counts;
}

/**
 * Throws where a class has fewer samples than there are folds: some test part could not have it.
 * scikit-learn only warns as long as one class is large enough.
 */
export function requireClassesOf(
  folds: number,
  labels: ArrayLike<number>,
  classes: readonly string[],
): void {
  const counts = classCounts(labels, classes.length);
  const largest = Math.min(...counts);
  if (largest >= folds) return;
  const small = classes
    .map((name, c) => ({ name, count: counts[c] ?? 0 }))
    .filter(({ count }) => count < folds)
    .map(({ name, count }) => `"${name}" has ${count}`);
  throw new ExperimentError(
    'DATA_INVALID',
    `${folds} folds need ${folds} samples of every class (identical pictures count once): ${small.join(', ')}.`,
    largest >= 2
      ? `The largest number of folds that works is ${largest}: set split.strategy.folds: ${largest}.`
      : 'No number of folds works: leave the class out (dataset.classes) or add pictures of it.',
  );
}
