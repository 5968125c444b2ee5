/** Class by class: over folds, and in scikit-learn's form over all test predictions together. */
import { summarizeFolds } from '../../metrics/statistics/summarize-folds.ts';
import type { ExperimentResult, FoldRecord, PerClass } from '../../result/experiment-result.ts';
import { type Cell, numberCell, textCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import {
  accuracyOf,
  averageScores,
  type Score,
  scores,
  supportOf,
} from '../classification-report.ts';
import { formatCount, formatMean, formatValue } from '../format.ts';
import { intervalCell } from '../interval.ts';

type Spread = { readonly mean: number | null; readonly sd: number | null };

export async function classes(result: ExperimentResult) {
  const worst = worstClasses(result)?.names ?? [];
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
    chart: await drawChart('class-scores', classScores(result)),
  };
}

/** The classes that are recognised least; none where all are recognised equally often. */
export function worstClasses(result: ExperimentResult): {
  readonly names: readonly string[];
  readonly recall: Spread;
  /** Their test samples. */
  readonly support: number;
} | null {
  const recalls = result.dataset.classes.flatMap(({ name }) => {
    const spread = classSpread(result, 'recall', name);
    // A class that some fold does not test has no mean, and is the likeliest to be overlooked.
    const pooled = result.pooled?.per_class.find((row) => row.class === name)?.recall ?? null;
    const recall = spread.mean === null ? { mean: pooled, sd: null } : spread;
    return recall.mean === null ? [] : [{ name, recall, mean: recall.mean }];
  });
  const lowest = Math.min(...recalls.map(({ mean }) => mean));
  const worst = recalls.filter(({ mean }) => mean === lowest);
  const [first] = worst;
  if (first === undefined || worst.length === recalls.length) return null;
  const support = worst.reduce((sum, { name }) => sum + supportIn(result.folds, name), 0);
  return { names: worst.map(({ name }) => name), recall: first.recall, support };
}

/** As in result.json where the metric is listed, otherwise from the folds in the same way. */
const classSpread = (result: ExperimentResult, score: Score, name: string): Spread =>
  result.summary[`${score}[${name}]`] ??
  overFolds(result, ({ per_class }) => per_class.find((row) => row.class === name)?.[score]);

const averageSpread = (
  result: ExperimentResult,
  score: Score,
  average: 'macro' | 'weighted',
): Spread =>
  result.summary[`${score}_${average}`] ??
  overFolds(result, ({ per_class }) => averageScores(per_class)?.[average][score]);

function overFolds(
  { folds, split }: ExperimentResult,
  scoreOf: (fold: FoldRecord) => number | null | undefined,
): Spread {
  const values = folds.map((fold) =>
    fold.status === 'completed' ? (scoreOf(fold) ?? null) : null,
  );
  const sizes = folds.flatMap(
    ({ partition }) => split.folds.find(({ fold }) => fold === partition) ?? [],
  );
  return summarizeFolds(values, sizes, null);
}

const spreadCell = (spread: Spread | undefined): Cell =>
  numberCell(spread?.mean, (mean) => formatMean({ mean, sd: spread?.sd ?? null }));

const recallInterval = ({ pooled }: ExperimentResult, name: string): Cell =>
  intervalCell(
    'recall_macro',
    pooled?.per_class.find((row) => row.class === name)?.recall_ci95 ?? null,
  );

const supportIn = (folds: readonly FoldRecord[], name: string): number =>
  supportOf(
    folds.flatMap(({ per_class }) => per_class.filter((row: PerClass) => row.class === name)),
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
