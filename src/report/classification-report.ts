/** scikit-learn's `classification_report` from the scores of the classes. */
import type { PerClass } from '../result/experiment-result.ts';

export const scores = ['precision', 'recall', 'f1'] as const;
export type Score = (typeof scores)[number];

export type Averages = { readonly [S in Score]: number };

/**
 * The mean over classes that occur among true or predicted ones, and that weighted by support;
 * 0/0 counts as 0, as scikit-learn does. Null without any samples.
 */
export function averageScores(
  classes: readonly PerClass[],
): { readonly macro: Averages; readonly weighted: Averages } | null {
  const total = supportOf(classes);
  if (total === 0) return null;
  const occurring = classes.filter(({ support, precision }) => support > 0 || precision !== null);
  const sum = (score: Score, weight: (row: PerClass) => number) =>
    occurring.reduce((all, row) => all + weight(row) * (row[score] ?? 0), 0);
  const averaged = (weight: (row: PerClass) => number): Averages => ({
    precision: sum('precision', weight),
    recall: sum('recall', weight),
    f1: sum('f1', weight),
  });
  return {
    macro: averaged(() => 1 / occurring.length),
    weighted: averaged(({ support }) => support / total),
  };
}

export const supportOf = (classes: readonly PerClass[]): number =>
  classes.reduce((sum, { support }) => sum + support, 0);

/** The share on the diagonal; null of an empty matrix. */
export function accuracyOf(confusion: readonly (readonly number[])[]): number | null {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
  return total === 0 ? null : right / total;
}
