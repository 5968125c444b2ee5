/** Every metric of every model beside what is reached without looking at a picture. */
import type { ComparedRun, Comparison } from '../../compare/comparison.ts';
import { isBinaryMetric } from '../../metrics/names.ts';
import { beatsKnowNothing } from '../beats-know-nothing.ts';
import { type Cell, numberCell } from '../cell.ts';
import { formatMean } from '../format.ts';

/** The table's metrics: all but Keras's binary ones, which have a table of their own. */
export const shownMetrics = ({ headline, metrics }: Comparison): string[] =>
  metrics.filter((name) => name === headline || !isBinaryMetric(name));

export function metrics(comparison: Comparison) {
  const names = shownMetrics(comparison);
  return {
    names,
    rows: comparison.runs.map((run) => ({
      label: run.label,
      cells: names.map((name) => meanCell(run, name)),
    })),
    knowNothing: names.map((name) => numberCell(comparison.runs[0]?.know_nothing[name])),
  };
}

/** Mean ± sd over folds; marked where a predictor that knows nothing does as well. */
export function meanCell(run: ComparedRun, name: string): Cell {
  const { mean = null, sd = null } = run.summary[name] ?? {};
  const mark = beatsKnowNothing(run, name) === false ? 'bad' : null;
  return numberCell(mean, () => formatMean({ mean, sd }), mark);
}
