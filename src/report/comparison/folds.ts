/** Fold by fold: which model did how well on the same test part. */
import type { Comparison } from '../../compare/comparison.ts';
import { numberCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import { shownMetrics } from './metrics.ts';

export async function folds(comparison: Comparison) {
  const { headline, runs, split } = comparison;
  const numbers = Array.from({ length: split.folds }, (_, fold) => fold);
  const tableOf = (metric: string) => ({
    metric,
    rows: numbers.map((fold) => ({
      fold,
      cells: runs.map(({ values }) => numberCell(values[metric]?.[fold])),
    })),
  });
  const knowNothing = runs[0]?.know_nothing[headline] ?? null;
  return {
    headline,
    chart: await drawChart('compared-folds', [
      ...runs.flatMap(({ label, values }) =>
        (values[headline] ?? []).map((value, fold) => ({
          model: label,
          fold: String(fold),
          value,
        })),
      ),
      ...numbers.map((fold) => ({ model: null, fold: String(fold), value: knowNothing })),
    ]),
    labels: runs.map(({ label }) => label),
    table: tableOf(headline),
    others: shownMetrics(comparison)
      .filter((metric) => metric !== headline)
      .map(tableOf),
  };
}
