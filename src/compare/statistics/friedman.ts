/**
 * Friedman's test of several models over the same folds, and Nemenyi's comparison of their mean
 * ranks (Demšar, "Statistical comparisons of classifiers over multiple data sets", 2006). Both are
 * optimistic here: they treat folds as independent.
 */
import { mean } from '../../metrics/statistics/mean.ts';
import { upperIncompleteGamma } from '../../metrics/statistics/special-functions.ts';
import { studentizedRangeQuantile, studentizedRangeTail } from './studentized-range.ts';

export type FriedmanTest = {
  /** Mean rank of each model over folds; 1 is best. */
  readonly meanRanks: readonly number[];
  /** null where all models tie in every fold. */
  readonly chiSquare: number | null;
  readonly df: number;
  readonly p: number;
};

export type NemenyiTest = {
  /** Mean ranks further apart than this differ at the 5 % level. */
  readonly criticalDifference: number;
  /** [models][models] p-values, 1 on the diagonal. */
  readonly p: readonly (readonly number[])[];
};

/** `values` [folds][models], three models or more; ties share their rank. */
export function friedman(
  values: readonly (readonly number[])[],
  direction: 'max' | 'min',
): FriedmanTest {
  const folds = values.length;
  const models = values[0]?.length ?? 0;
  const ranks = values.map((row) => ranksOf(row, direction));
  const sums = Array.from({ length: models }, (_, m) =>
    ranks.reduce((sum, row) => sum + (row[m] ?? 0), 0),
  );
  const ties = values.reduce((sum, row) => sum + tieTerm(row), 0);
  const correction = 1 - ties / (folds * models * (models ** 2 - 1));
  const squares = sums.reduce((sum, r) => sum + r * r, 0);
  const statistic = (12 / (folds * models * (models + 1))) * squares - 3 * folds * (models + 1);
  const chiSquare = correction > 0 ? statistic / correction : null;
  const df = models - 1;
  return {
    meanRanks: sums.map((sum) => sum / folds),
    chiSquare,
    df,
    p: chiSquare === null ? 1 : upperIncompleteGamma(df / 2, chiSquare / 2),
  };
}

/** From the mean ranks of `friedman` over so many folds. */
export function nemenyi(meanRanks: readonly number[], folds: number): NemenyiTest {
  const models = meanRanks.length;
  const unit = Math.sqrt((models * (models + 1)) / (6 * folds));
  return {
    criticalDifference: (studentizedRangeQuantile(0.95, models) / Math.SQRT2) * unit,
    p: meanRanks.map((a, i) =>
      meanRanks.map((b, j) =>
        i === j ? 1 : studentizedRangeTail((Math.abs(a - b) / unit) * Math.SQRT2, models),
      ),
    ),
  };
}

/** Ranks from 1 for the best; equal values share the mean of their ranks. */
function ranksOf(row: readonly number[], direction: 'max' | 'min'): number[] {
  const order = [...row].sort((a, b) => (direction === 'max' ? b - a : a - b));
  return row.map((value) =>
    mean(order.flatMap((other, position) => (other === value ? [position + 1] : []))),
  );
}

/** Σ (t³ − t) over groups of t equal values. */
function tieTerm(row: readonly number[]): number {
  return [...new Set(row)].reduce((sum, value) => {
    const t = row.filter((other) => other === value).length;
    return sum + t ** 3 - t;
  }, 0);
}
