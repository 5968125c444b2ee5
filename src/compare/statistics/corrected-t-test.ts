/**
 * The corrected resampled t-test of Nadeau and Bengio (2003) on differences paired by fold: the
 * only test that the verdict rests on, because it alone allows for folds that share training data.
 */
import {
  correctedStandardError,
  type FoldSize,
} from '../../metrics/statistics/corrected-variance.ts';
import { mean, standardDeviation } from '../../metrics/statistics/mean.ts';
import { studentQuantile, studentTwoSided } from '../../metrics/statistics/student-t.ts';

export type PairedTest = {
  /** Mean over folds of second − first. */
  readonly difference: number;
  /** Corrected standard error of the difference. */
  readonly se: number;
  /** null where all folds differ by the same amount. */
  readonly t: number | null;
  readonly df: number;
  /** Two-sided. */
  readonly p: number;
  /** 95 % interval of the difference. */
  readonly ci95: readonly [number, number];
  /** Cohen's d of paired values: mean difference over its standard deviation; null where that is 0. */
  readonly effectSize: number | null;
  /** True difference that this design finds with a chance of 80 % at the 5 % level. */
  readonly smallestDetectable: number;
};

/** Compares `second` with `first`, both one value per fold. Needs two folds or more. */
export function correctedTTest(
  first: readonly number[],
  second: readonly number[],
  sizes: readonly FoldSize[],
): PairedTest {
  if (first.length < 2 || first.length !== second.length || first.length !== sizes.length)
    throw new Error(`a paired test of ${first.length} and ${second.length} folds`);
  const differences = second.map((value, fold) => value - (first[fold] as number)); // as long
  const difference = mean(differences);
  const sd = standardDeviation(differences);
  const se = correctedStandardError(differences, sizes);
  const df = differences.length - 1;
  const half = studentQuantile(0.975, df) * se;
  return {
    difference,
    se,
    t: se > 0 ? difference / se : null,
    df,
    p: pValue(difference, se, df),
    ci95: [difference - half, difference + half],
    effectSize: sd > 0 ? difference / sd : null,
    smallestDetectable: (studentQuantile(0.975, df) + studentQuantile(0.8, df)) * se,
  };
}

function pValue(difference: number, se: number, df: number): number {
  if (se > 0) return studentTwoSided(difference / se, df);
  return difference === 0 ? 1 : 0; // no spread at all: equal everywhere, or different everywhere
}
