/**
 * McNemar's exact test on pooled predictions, one per sample. Optimistic for cross-validation: it
 * treats predictions of different folds as if they came from one model.
 */
import { incompleteBeta } from '../../metrics/statistics/special-functions.ts';

export type McNemarTest = {
  /** Samples that only the first, or only the second, got right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided, exact binomial. */
  readonly p: number;
};

/** From whether each sample was right, in the same order of samples. */
export function mcnemar(first: ArrayLike<boolean>, second: ArrayLike<boolean>): McNemarTest {
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) onlyFirst += 1;
    if (!first[i] && second[i]) onlySecond += 1;
  }
  return { onlyFirst, onlySecond, p: signTest(onlyFirst, onlySecond) };
}

/** Chance of a division at least as uneven when both sides are equally likely. */
export function signTest(a: number, b: number): number {
  if (a === b) return 1;
  const n = a + b;
  const fewer = Math.min(a, b);
  // P(X ≤ fewer) for n fair coins, by the incomplete beta function.
  return Math.min(1, 2 * incompleteBeta(0.5, n - fewer, fewer + 1));
}
