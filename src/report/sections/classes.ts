/** Class by class: over folds, and in scikit-learn's form over all test predictions together. */
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { type Cell, numberCell, textCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import {
  averageSpread,
  classSpread,
  type Spread,
  supportIn,
  worstClasses,
} from '../class-spread.ts';
import { accuracyOf, averageScores, scores, supportOf } from '../classification-report.ts';
import { formatCount, formatMean, formatValue } from '../format.ts';
import { intervalCell } from '../interval.ts';

export async function classes(result: ExperimentResult) {
  const worst = worstClasses(result)?.names ?? [];
  const points = classScores(result);
  const averages = (['macro', 'weighted'] as const).map((average) => ({
    name: `${average} avg`,
    cells: scores.map((score) => spreadCell(averageSpread(result, score, average))),
  }));
  return {
    rows: result.dataset.classes.map(({ name }) => ({
      name,
      worst: worst.includes(name),
      cells: scores.map((score) => spreadCell(classSpread(result, score, name))),
      interval: recallInterval(result, name),
      support: formatCount(supportIn(result.folds, name)),
    })),
    accuracy: spreadCell(result.summary.accuracy),
    averages,
    knowNothing: scores.map((score) => numberCell(result.know_nothing[`${score}_macro`])),
    total: formatCount(supportOf(result.folds.flatMap(({ per_class }) => per_class))),
    report: scikitLearnReport(result),
    chart: points.length === 0 ? '' : await drawChart('class-scores', points),
  };
}

const spreadCell = (spread: Spread | undefined): Cell =>
  numberCell(spread?.mean, (mean) => formatMean({ mean, sd: spread?.sd ?? null }));

const recallInterval = ({ pooled }: ExperimentResult, name: string): Cell =>
  intervalCell(
    'recall_macro',
    pooled?.per_class.find((row) => row.class === name)?.recall_ci95 ?? null,
  );

/** Rows and columns as `classification_report` prints them; null while folds are missing. */
function scikitLearnReport({ pooled }: ExperimentResult) {
  if (pooled === null) return null;
  const { per_class, confusion_matrix } = pooled;
  const averages = averageScores(per_class);
  const total = formatCount(supportOf(per_class));
  // 0/0 counts as 0 there.
  const number = (value: number | null) => numberCell(value ?? 0, formatValue);
  const none = textCell('');
  return [
    ...per_class.map((row) => ({
      name: row.class,
      cells: scores.map((score) => number(row[score])),
      support: formatCount(row.support),
    })),
    { name: 'accuracy', cells: [none, none, number(accuracyOf(confusion_matrix))], support: total },
    ...(['macro', 'weighted'] as const).map((average) => ({
      name: `${average} avg`,
      cells: scores.map((score) => number(averages?.[average][score] ?? null)),
      support: total,
    })),
  ];
}

function classScores(result: ExperimentResult) {
  const shown = { precision: 'precision', recall: 'recall', f1: 'F1' };
  return result.dataset.classes.flatMap(({ name }) =>
    scores.flatMap((score) => {
      const { mean } = classSpread(result, score, name);
      return mean === null ? [] : [{ class: name, score: shown[score], value: mean }];
    }),
  );
}
