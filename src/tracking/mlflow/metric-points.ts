/**
 * The points of a run. MLflow makes a chart section of what stands before the last slash:
 * `train/…` and `val/…` per epoch, `test/…` at the selected epoch, `cv/…` over folds.
 */
import type { FoldRecord, MetricValues, Summary } from '../../result/experiment-result.ts';
import type { FoldHistory } from '../history.ts';
import type { RunRecord } from '../run-record.ts';
import type { MetricPoint } from './endpoints.ts';
import { metricKey, metricValue } from './values.ts';

type Point = { readonly timestamp: number; readonly step: number };

/** Every epoch's values; step is the epoch, counted from 1. */
export const epochPoints = (fold: FoldHistory): readonly MetricPoint[] =>
  fold.epochs.flatMap(({ at, record }) =>
    Object.entries(epochValues(record)).map(([key, value]) =>
      point(key, value, { timestamp: at, step: record.epoch }),
    ),
  );

const epochValues = (record: FoldHistory['epochs'][number]['record']): Record<string, number> => ({
  ...Object.fromEntries(
    Object.entries(record.values).map(([name, value]) =>
      name.startsWith('val_')
        ? [metricKey('val', ...partsOf(name.slice(4))), value]
        : [metricKey('train', ...partsOf(name)), value],
    ),
  ),
  'train/learning_rate': record.learning_rate,
  'train/epoch_seconds': record.seconds,
});

/** What the fold came to on its test part, once it has ended and its result is written. */
export const finalPoints = (
  fold: FoldHistory,
  outcome: FoldRecord | undefined,
): readonly MetricPoint[] => {
  if (fold.endedAt === null || outcome?.status !== 'completed') return [];
  const where = { timestamp: fold.endedAt, step: outcome.best_epoch ?? 0 };
  return [
    ...valuePoints('test', outcome.metrics, where),
    point('fold/epochs_run', outcome.epochs_run, where),
    point('fold/seconds', outcome.seconds, where),
    ...(outcome.best_epoch === null ? [] : [point('fold/best_epoch', outcome.best_epoch, where)]),
  ];
};

/**
 * The folds' mean curves on the parent, under the same names: MLflow shows children collapsed.
 * Only of a complete run, since a mean over missing folds misleads. An epoch's mean is over the
 * folds that reached it.
 */
export const meanCurves = (record: RunRecord): readonly MetricPoint[] => {
  if (!isComplete(record)) return [];
  const sums = new Map<
    string,
    { sum: number; n: number; timestamp: number; key: string; step: number }
  >();
  for (const { key, value, timestamp, step } of record.history.folds.flatMap(epochPoints)) {
    const entry = sums.get(`${key} ${step}`) ?? { sum: 0, n: 0, timestamp: 0, key, step };
    entry.sum += Number(value);
    entry.n += 1;
    entry.timestamp = Math.max(entry.timestamp, timestamp);
    sums.set(`${key} ${step}`, entry);
  }
  return [...sums.values()].map(({ key, sum, n, timestamp, step }) =>
    point(key, sum / n, { timestamp, step }),
  );
};

/**
 * Mean, standard deviation, interval and pooled value over folds; each fold; the know-nothing row.
 * Of the metrics of single classes the mean alone: with ten classes the rest would be hundreds.
 */
export const crossValidationPoints = (record: RunRecord): readonly MetricPoint[] => {
  const { result } = record;
  if (result === null || !isComplete(record)) return [];
  const timestamp = lastEnd(record);
  const where = { timestamp, step: 0 };
  return [
    ...Object.entries(result.summary).flatMap(([name, { mean, sd, ci95, pooled }]) => [
      ...valuePoints('test', { [name]: mean }, where),
      ...valuePoints('cv', ofAllClasses(statistics(name, { mean, sd, ci95, pooled })), where),
    ]),
    ...result.folds.flatMap(({ fold, metrics }) =>
      valuePoints('by_fold', ofAllClasses(metrics), { timestamp, step: fold }),
    ),
    ...valuePoints('know_nothing', ofAllClasses(result.know_nothing), where),
    ...Object.entries(result.unseen).flatMap(([name, { ensemble }]) =>
      valuePoints(metricKey('unseen', name), ensemble.metrics, where),
    ),
    point('cv/folds', result.folds.length, where),
    point('cv/seconds', result.seconds, where),
  ];
};

const statistics = (
  name: string,
  { mean, sd, ci95, pooled }: Pick<Summary, 'mean' | 'sd' | 'ci95' | 'pooled'>,
): MetricValues => ({
  [`${name}_mean`]: mean,
  [`${name}_sd`]: sd,
  [`${name}_ci95_lower`]: ci95?.[0] ?? null,
  [`${name}_ci95_upper`]: ci95?.[1] ?? null,
  [`${name}_pooled`]: pooled,
});

/** Leaves out `recall[disgust]` and its like. */
export const ofAllClasses = <Value>(
  values: Readonly<Record<string, Value>>,
): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.includes('[')));

/** All folds have ended well and the result says so. */
export const isComplete = ({ history, result }: RunRecord): boolean =>
  result?.status === 'completed' &&
  history.endedAt !== null &&
  result.folds.every(({ status }) => status === 'completed') &&
  history.folds.every(({ endedAt }) => endedAt !== null);

/** Resuming a run that is complete adds a later `run_ended`; the folds' own ends stay. */
const lastEnd = ({ history }: RunRecord): number =>
  Math.max(...history.folds.map(({ endedAt }) => endedAt ?? 0));

const point = (key: string, value: number, { timestamp, step }: Point): MetricPoint => ({
  key,
  value: metricValue(value),
  timestamp: Math.round(timestamp),
  step,
});

const valuePoints = (section: string, values: MetricValues, where: Point): readonly MetricPoint[] =>
  Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'number'
      ? [point(`${section}/${metricKey(...partsOf(name))}`, value, where)]
      : [],
  );

/** `recall[disgust]` → recall, disgust: one chart section for a metric's classes. */
const partsOf = (name: string): readonly string[] => {
  const perClass = /^([^[]+)\[(.*)\]$/.exec(name);
  return perClass === null ? [name] : [perClass[1] ?? '', perClass[2] ?? ''];
};
