/** Over the folds: mean, deviation and interval of each metric, and the pooled value beside them. */
import { evaluate } from '../metrics/evaluate.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { summarizeFolds } from '../metrics/statistics/summarize-folds.ts';
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

/** `folds` and `sizes` in the same order; a fold that is not completed makes every mean null. */
export function summarize(
  names: readonly string[],
  folds: readonly Pick<FoldRecord, 'status' | 'metrics'>[],
  sizes: readonly FoldSize[],
  pooled: Predictions | undefined,
): Record<string, Summary> {
  const complete = folds.every(({ status }) => status === 'completed');
  const pooledMetrics = complete && pooled ? evaluate(pooled, names).metrics : {};
  return Object.fromEntries(
    names.map((name) => {
      const values = folds.map(({ status, metrics }) =>
        status === 'completed' ? (metrics[name] ?? null) : null,
      );
      return [name, summarizeFolds(values, sizes, pooledMetrics[name] ?? null)];
    }),
  );
}
