/** Every metric with its spread and its know-nothing score; fold by fold; class by class. */
import { summarizeFolds } from '../../metrics/statistics/summarize-folds.ts';
import type {
  ExperimentResult,
  FoldRecord,
  PerClass,
  Pooled,
} from '../../result/experiment-result.ts';
import { numberCell, textCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import { averageShares, confusionTable } from '../confusion.ts';
import {
  formatCount,
  formatDuration,
  formatInterval,
  formatMean,
  formatValue,
  overallMetrics,
} from '../format.ts';
import { beatsKnowNothing } from './overview.ts';

export async function evaluation(result: ExperimentResult) {
  const classes = result.dataset.classes.map(({ name }) => name);
  const completed = result.folds.filter(({ status }) => status === 'completed');
  return {
    metrics: metricRows(result),
    foldsChart: await drawChart('fold-values', foldValues(result)),
    foldTable: foldTable(result),
    reasons: reasonsOf(result),
    classTable: classTable(result),
    classChart: await drawChart('class-scores', classScores(result)),
    confusion: confusionTable(classes, averageShares(completed.map(toMatrix))),
    confusions: completed.map((fold) => ({
      fold: fold.fold,
      table: confusionTable(classes, averageShares([toMatrix(fold)]), fold.confusion_matrix),
    })),
    any: completed.length > 0,
    seeds: Object.values(result.summary).some(({ variance }) => variance !== null),
    calibrationChart: result.pooled === null ? '' : await calibrationChart(result.pooled),
  };
}

const calibrationChart = ({ calibration }: Pooled): Promise<string> =>
  drawChart(
    'calibration',
    calibration.flatMap(({ confidence, accuracy, count }) =>
      confidence === null || accuracy === null ? [] : [{ confidence, accuracy, count }],
    ),
  );

const toMatrix = ({ confusion_matrix }: FoldRecord) => confusion_matrix;

function metricRows(result: ExperimentResult) {
  return overallMetrics(result).map((name) => {
    const summary = result.summary[name];
    const { mean = null, sd = null, ci95 = null, pooled = null } = summary ?? {};
    const { pooled_ci95 = null, variance = null } = summary ?? {};
    const beaten = beatsKnowNothing(result, name);
    return {
      name,
      mean: numberCell(mean, () => formatMean({ mean, sd }), beaten === false ? 'bad' : null),
      interval: textCell(formatInterval(ci95)),
      pooled: numberCell(pooled),
      pooledInterval: textCell(formatInterval(pooled_ci95)),
      variance:
        variance === null
          ? null
          : { fold: numberCell(variance.fold), seed: numberCell(variance.seed) },
      knowNothing: numberCell(result.know_nothing[name]),
    };
  });
}

/** Shares only: a loss has another scale. */
function foldValues(result: ExperimentResult) {
  const shares = overallMetrics(result).filter((name) => !/loss|brier/.test(name));
  return shares.flatMap((metric) => {
    const row = (what: string, value: number | null | undefined) =>
      value === null || value === undefined ? [] : [{ metric, what, value }];
    return [
      ...result.folds.flatMap(({ metrics }) => row('a fold', metrics[metric])),
      ...row('knowing nothing', result.know_nothing[metric]),
      ...row('mean', result.summary[metric]?.mean),
    ];
  });
}

function foldTable(result: ExperimentResult) {
  const names = overallMetrics(result);
  const summaries = names.map((name) => result.summary[name]);
  const seconds = (value: number) => formatDuration(value);
  return {
    names,
    rows: result.folds.map((fold) => ({
      fold: fold.fold,
      // With several seeds a fold of the split is trained several times.
      of: fold.partition === fold.fold ? '' : ` (fold ${fold.partition}, seed ${fold.seed})`,
      status: fold.status,
      epochs: numberCell(fold.epochs_run, formatCount),
      best: numberCell(fold.best_epoch, formatCount),
      time: numberCell(fold.seconds, seconds),
      values: names.map((name) => numberCell(fold.metrics[name])),
    })),
    means: summaries.map((summary) => numberCell(summary?.mean)),
    deviations: summaries.map((summary) => numberCell(summary?.sd)),
    knowNothing: names.map((name) => numberCell(result.know_nothing[name])),
  };
}

/** Why a value is missing, each reason once. */
const reasonsOf = ({ folds }: ExperimentResult): string[] => [
  ...new Set(
    folds.flatMap(({ reasons }) =>
      Object.entries(reasons).map(([metric, reason]) => `${metric}: ${reason}`),
    ),
  ),
];

const scores = ['precision', 'recall', 'f1'] as const;
type Score = (typeof scores)[number];

/** As in result.json where the metric is listed, otherwise from the folds in the same way. */
function classSummary(result: ExperimentResult, score: Score, name: string) {
  const listed = result.summary[`${score}[${name}]`];
  if (listed !== undefined) return listed;
  const values = result.folds.map(
    ({ per_class }) => per_class.find((row) => row.class === name)?.[score] ?? null,
  );
  const sizes = result.folds.flatMap(
    ({ partition }) => result.split.folds.find(({ fold }) => fold === partition) ?? [],
  );
  return summarizeFolds(values, sizes, null);
}

/** scikit-learn's classification report, as mean ± sd over folds. */
function classTable(result: ExperimentResult) {
  const rows = result.dataset.classes.map(({ name }) => {
    const summaries = scores.map((score) => classSummary(result, score, name));
    return { name, support: supportOf(result.folds, name), summaries };
  });
  const recalls = rows.map(({ summaries }) => summaries[1]?.mean ?? 1);
  const worst = Math.min(...recalls);
  const averages = (['macro', 'weighted'] as const).map((average) => ({
    name: `${average} average`,
    cells: scores.map((score) => summaryCell(result.summary[`${score}_${average}`])),
  }));
  return {
    classes: rows.map(({ name, support, summaries }, index) => ({
      name,
      pooled: textCell(
        formatInterval(
          result.pooled?.per_class.find((row) => row.class === name)?.recall_ci95 ?? null,
        ),
      ),
      support: formatCount(support),
      worst: recalls[index] === worst && worst < Math.max(...recalls),
      cells: summaries.map((summary) => summaryCell(summary)),
    })),
    averages,
    knowNothing: scores.map((score) => numberCell(result.know_nothing[`${score}_macro`])),
    total: formatCount(rows.reduce((sum, { support }) => sum + support, 0)),
  };
}

const summaryCell = (summary: { mean: number | null; sd: number | null } | undefined) =>
  numberCell(summary?.mean, (mean) => formatMean({ mean, sd: summary?.sd ?? null }));

const supportOf = (folds: readonly FoldRecord[], name: string): number =>
  folds
    .flatMap(({ per_class }) => per_class.filter((row: PerClass) => row.class === name))
    .reduce((sum, { support }) => sum + support, 0);

function classScores(result: ExperimentResult) {
  const shown = { precision: 'precision', recall: 'recall', f1: 'F1' };
  return result.dataset.classes.flatMap(({ name }) =>
    scores.flatMap((score) => {
      const { mean } = classSummary(result, score, name);
      return mean === null ? [] : [{ class: name, score: shown[score], value: mean }];
    }),
  );
}

/** Unseen data: what the ensemble of all folds' models makes of it. */
export function unseen(result: ExperimentResult) {
  return Object.entries(result.unseen).map(([name, one]) => {
    const classes = one.classes.map((each) => each.name);
    return {
      name,
      samples: formatCount(one.samples),
      metrics: Object.keys(one.ensemble.metrics)
        .filter((metric) => !metric.includes('['))
        .map((metric) => ({
          metric,
          ensemble: numberCell(one.ensemble.metrics[metric]),
          folds: summaryCell(one.summary[metric]),
        })),
      perClass: one.ensemble.per_class.map((row) => ({
        name: row.class,
        cells: scores.map((score) => numberCell(row[score], formatValue)),
        support: formatCount(row.support),
      })),
      confusion: confusionTable(
        classes,
        averageShares([one.ensemble.confusion_matrix]),
        one.ensemble.confusion_matrix,
      ),
    };
  });
}
