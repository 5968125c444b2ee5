/** Unseen data: what every fold's model and all of them together make of it, and some pictures. */
import type { ExperimentResult } from '../../result/experiment-result.ts';
import type { RunPaths } from '../../result/run-directory.ts';
import { numberCell } from '../cell.ts';
import { averageShares, confusionTable } from '../confusion.ts';
import { formatCount, formatMean } from '../format.ts';
import { readUnseenFigures, type UnseenFigure } from '../unseen-figures.ts';

export const unseen = (result: ExperimentResult, paths: RunPaths) =>
  Promise.all(
    Object.entries(result.unseen).map(async ([name, one]) => {
      const classes = one.classes.map((each) => each.name);
      const figures = await readUnseenFigures(paths, name);
      return {
        name,
        samples: formatCount(one.samples),
        metrics: Object.keys(one.ensemble.metrics)
          .filter((metric) => !metric.includes('['))
          .map((metric) => ({
            metric,
            ensemble: numberCell(one.ensemble.metrics[metric]),
            folds: summaryCell(one.summary[metric]),
            tested: summaryCell(result.summary[metric]),
          })),
        perClass: one.ensemble.per_class.map((row) => ({
          name: row.class,
          cells: (['precision', 'recall', 'f1'] as const).map((score) => numberCell(row[score])),
          support: formatCount(row.support),
        })),
        confusion: confusionTable(
          classes,
          averageShares([one.ensemble.confusion_matrix]),
          one.ensemble.confusion_matrix,
        ),
        gallery: figures.map((figure) => ({ ...figure, ...barsOf(classes, figure) })),
      };
    }),
  );

const summaryCell = (summary: { mean: number | null; sd: number | null } | undefined) =>
  numberCell(summary?.mean, (mean) => formatMean({ mean, sd: summary?.sd ?? null }));

/** A bar for each class: its length is the probability. */
const barsOf = (classes: readonly string[], figure: UnseenFigure) => ({
  right: figure.class === figure.predicted,
  bars: classes.map((name, i) => ({
    name,
    isTrue: name === figure.class,
    share: figure.probabilities[i] ?? 0,
    percent: `${(100 * (figure.probabilities[i] ?? 0)).toFixed(0)} %`,
  })),
});
