/** Over the folds: mean, deviation and interval of each metric, and the pooled value beside them. */
import { evaluate } from '../metrics/evaluate.ts';
import { resolveMetric } from '../metrics/names.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { bootstrapIntervals } from '../metrics/statistics/bootstrap.ts';
import { mean } from '../metrics/statistics/mean.ts';
import { summarizeFolds } from '../metrics/statistics/summarize-folds.ts';
import { varianceComponents } from '../metrics/statistics/variance-components.ts';
import type { FoldRecord, Summary } from './experiment-result.ts';

/** Sizes of a fold's roles, for the corrected variance. */
export type FoldSize = { readonly train: number; readonly test: number };

/** All rows one after the other, as if they came from one test part; the loss is not a row's. */
export function poolPredictions(parts: readonly Predictions[]): Predictions | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const rows = parts.reduce((sum, { indices }) => sum + indices.length, 0);
  const indices = new Uint32Array(rows);
  const labels = new Int32Array(rows);
  const probabilities = new Float64Array(rows * first.classes.length);
  let row = 0;
  for (const part of parts) {
    indices.set(part.indices, row);
    labels.set(part.labels, row);
    probabilities.set(part.probabilities, row * first.classes.length);
    row += part.indices.length;
  }
  return { indices, labels, probabilities, classes: first.classes, loss: null };
}

type TestedFold = Pick<FoldRecord, 'partition' | 'status' | 'metrics'>;

/** Resampling every row is dear: beyond so many rows only what counts alone tell is resampled. */
const mostRowsToResample = 5000;

/**
 * Summaries by metric. `sizes` are those of the split's folds; several trainings of one fold
 * (seeds) are averaged first. A training that is not completed makes every mean null.
 */
export function summarize(
  names: readonly string[],
  folds: readonly TestedFold[],
  sizes: readonly FoldSize[],
  pooled: Predictions | undefined,
  seed: number,
): Record<string, Summary> {
  const complete = folds.every(({ status }) => status === 'completed');
  const whole = complete ? pooled : undefined;
  const pooledMetrics = whole ? evaluate(whole, names).metrics : {};
  const intervals = whole ? bootstrapIntervals(whole, cheapToResample(names, whole), seed) : {};
  return Object.fromEntries(
    names.map((name) => {
      const values = valuesByPartition(folds, name);
      const means = values.map((row) => (row.includes(null) ? null : mean(row as number[])));
      return [
        name,
        {
          ...summarizeFolds(means, sizes, pooledMetrics[name] ?? null),
          pooled_ci95: intervals[name] ?? null,
          variance: means.includes(null) ? null : varianceComponents(values as number[][]),
        },
      ];
    }),
  );
}

/** Values [folds of the split][seeds] of a metric; null where there is none. */
export function valuesByPartition(folds: readonly TestedFold[], name: string): (number | null)[][] {
  const rows = new Map<number, (number | null)[]>();
  for (const { partition, status, metrics } of folds) {
    const value = status === 'completed' ? (metrics[name] ?? null) : null;
    rows.set(partition, [...(rows.get(partition) ?? []), value]);
  }
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
}

const cheapToResample = (names: readonly string[], { labels, classes }: Predictions) =>
  names.filter(
    (name) =>
      name !== 'loss' &&
      (labels.length <= mostRowsToResample ||
        resolveMetric(name, classes)?.of.definition.counts === true),
  );
