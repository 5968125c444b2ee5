/** Every metric with its spread and its know-nothing score; fold by fold. */
import { describeMetric } from '../../metrics/names.ts';
import type { ExperimentResult, FoldRecord, Pooled } from '../../result/experiment-result.ts';
import { headlineMetric, headlineTriple } from '../../result/headline.ts';
import { beatsKnowNothing } from '../beats-know-nothing.ts';
import { numberCell } from '../cell.ts';
import { drawChart } from '../charts.ts';
import { averageShares, confusionTable } from '../confusion.ts';
import { formatCount, formatDuration, formatMean, overallMetrics } from '../format.ts';
import { intervalCell, reachesBeyond } from '../interval.ts';
import { classes } from './classes.ts';

export async function evaluation(result: ExperimentResult) {
  const names = result.dataset.classes.map(({ name }) => name);
  const completed = result.folds.filter(({ status }) => status === 'completed');
  return {
    metrics: metricRows(result),
    cut: overallMetrics(result).some((name) =>
      reachesBeyond(name, result.summary[name]?.ci95 ?? null),
    ),
    several: result.split.folds.length > 1,
    foldsChart: await drawChart('fold-values', foldValues(result)),
    foldTable: foldTable(result, headlineColumns(result)),
    allFoldTables: inPieces(overallMetrics(result)).map((piece) => foldTable(result, piece)),
    reasons: reasonsOf(result),
    classes: await classes(result),
    // Over a part of the folds it would be another quantity.
    confusion:
      completed.length === result.folds.length
        ? confusionTable(names, averageShares(completed.map(toMatrix)))
        : null,
    confusions: completed.map((fold) => ({
      fold: fold.fold,
      table: confusionTable(names, averageShares([toMatrix(fold)]), fold.confusion_matrix),
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
      meaning: describeMetric(name),
      mean: numberCell(mean, () => formatMean({ mean, sd }), beaten === false ? 'bad' : null),
      interval: intervalCell(name, ci95),
      pooled: numberCell(pooled),
      pooledInterval: intervalCell(name, pooled_ci95),
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

/** What fits beside the columns of a fold on a common screen. */
const columnsShown = 5;

/** The headline and the three of every report, then what else the config lists first. */
function headlineColumns(result: ExperimentResult): string[] {
  const names = overallMetrics(result);
  const first = headlineMetric(result);
  const wanted = [
    ...(first === null ? [] : [first]),
    ...headlineTriple,
    // The other averages say little beyond these.
    ...names.filter((name) => !/_(macro|weighted|micro)$/.test(name)),
  ];
  return [...new Set(wanted)].filter((name) => names.includes(name)).slice(0, columnsShown);
}

const columnsOfPiece = 6;

const inPieces = (names: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(names.length / columnsOfPiece) }, (_, piece) =>
    names.slice(piece * columnsOfPiece, (piece + 1) * columnsOfPiece),
  );

function foldTable(result: ExperimentResult, names: readonly string[]) {
  const summaries = names.map((name) => result.summary[name]);
  const seconds = (value: number) => formatDuration(value);
  return {
    names: names.map((name) => ({ name, meaning: describeMetric(name) })),
    rows: result.folds.map((fold) => ({
      fold: fold.fold,
      // With several seeds a fold of the split is trained several times.
      of: fold.partition === fold.fold ? '' : ` (fold ${fold.partition}, seed ${fold.seed})`,
      status: fold.status,
      epochs: numberCell(fold.epochs_run, formatCount),
      best: numberCell(fold.best_epoch, formatCount),
      time: numberCell(fold.seconds > 0 ? fold.seconds : null, seconds),
      values: names.map((name) => numberCell(fold.metrics[name])),
    })),
    means: summaries.map((summary) => numberCell(summary?.mean)),
    deviations: summaries.map((summary) => numberCell(summary?.sd)),
    knowNothing: names.map((name) => numberCell(result.know_nothing[name])),
  };
}

/** Why a value is missing, each reason once, with the folds that it holds for. */
function reasonsOf({ folds }: ExperimentResult): string[] {
  const foldsOf = new Map<string, number[]>();
  for (const { fold, reasons } of folds)
    for (const [metric, reason] of Object.entries(reasons)) {
      const text = `${metric}: ${reason}`;
      foldsOf.set(text, [...(foldsOf.get(text) ?? []), fold]);
    }
  return [...foldsOf].map(
    ([text, list]) => `${text} (fold${list.length === 1 ? '' : 's'} ${list.join(', ')})`,
  );
}
