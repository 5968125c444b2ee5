/**
 * Percentile bootstrap of pooled metrics (Efron and Tibshirani, 1993), stratified by true class so
 * that no replicate loses a rare one. It holds the models fixed: it tells what other pictures would
 * have changed, not what other training sets would have.
 */
import { type Evidence, Undefined } from '../define.ts';
import { gatherEvidence } from '../evidence.ts';
import { computeMetric, resolveMetric } from '../names.ts';
import type { Predictions } from '../predictions.ts';

/** Replicates where counts are resampled alone, and where every row is. */
const replicatesOf = { counts: 1000, rows: 200 };

type Interval = readonly [number, number];

/**
 * 95 % intervals of the named metrics (as `expandMetrics` spells them), null where a metric cannot
 * be computed. The same seed gives the same intervals.
 */
export function bootstrapIntervals(
  predictions: Predictions,
  names: readonly string[],
  seed: number,
): Readonly<Record<string, Interval | null>> {
  const evidence = gatherEvidence(predictions);
  const needsRows = (name: string) =>
    !resolveMetric(name, predictions.classes)?.of.definition.counts;
  const some = (rows: boolean) => names.filter((name) => needsRows(name) === rows);
  const rowsOf = rowsByClass(evidence);
  const predictedOf = rowsOf.map(
    (rows) => Int32Array.from(rows, (row) => evidence.predicted[row] as number), // one per row
  );
  return Object.fromEntries(
    [
      ...intervals(some(false), replicatesOf.counts, seed, (draw) =>
        resampleCounts(evidence, predictedOf, draw),
      ),
      ...intervals(some(true), replicatesOf.rows, seed, (draw) =>
        resampleRows(evidence, rowsOf, draw),
      ),
    ].sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)),
  );
}

/** Draws a position below `n`. */
type Draw = (n: number) => number;

function intervals(
  names: readonly string[],
  replicates: number,
  seed: number,
  resample: (draw: Draw) => Evidence,
): [string, Interval | null][] {
  if (names.length === 0) return [];
  const draw = generator(seed);
  const values = names.map(() => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const evidence = resample(draw);
    names.forEach((name, i) => {
      (values[i] as Float64Array)[replicate] = valueOrNaN(name, evidence); // one per name
    });
  }
  return names.map((name, i) => {
    const sorted = (values[i] as Float64Array).sort(); // one per name; NaN goes last
    const usable = Number.isFinite(sorted.at(-1));
    return [name, usable ? [quantile(sorted, 0.025), quantile(sorted, 0.975)] : null];
  });
}

function valueOrNaN(name: string, evidence: Evidence): number {
  try {
    return computeMetric(name, evidence);
  } catch (error) {
    if (error instanceof Undefined) return Number.NaN;
    throw error;
  }
}

/** Linear interpolation between order statistics, as numpy.quantile. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number; // 0 ≤ at ≤ length − 1
  const high = sorted[Math.ceil(at)] as number;
  return low + (at - below) * (high - low);
}

/** Uniform positions from the mulberry32 generator: tens of millions of draws must be cheap. */
function generator(seed: number): Draw {
  let state = seed | 0;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

const rowsByClass = ({ labels, classes }: Evidence): readonly Uint32Array[] =>
  classes.map((_, c) =>
    Uint32Array.from(labels, (_, row) => row).filter((row) => labels[row] === c),
  );

/** A replicate's confusion counts; its probabilities stay the old ones and must not be read. */
function resampleCounts(
  evidence: Evidence,
  predictedOf: readonly Int32Array[],
  draw: Draw,
): Evidence {
  const confusion = predictedOf.map((predicted) => {
    const counts = new Float64Array(evidence.classes.length);
    for (let i = 0; i < predicted.length; i++) {
      const at = predicted[draw(predicted.length)] as number; // a drawn position exists
      counts[at] = (counts[at] as number) + 1;
    }
    return Array.from(counts);
  });
  const called = evidence.classes.map((_, c) =>
    confusion.reduce((sum, counts) => sum + (counts[c] ?? 0), 0),
  );
  return { ...evidence, confusion, called };
}

function resampleRows(evidence: Evidence, rowsOf: readonly Uint32Array[], draw: Draw): Evidence {
  const k = evidence.classes.length;
  const drawn = rowsOf.flatMap(
    (rows) => Array.from(rows, () => rows[draw(rows.length)] as number), // a drawn position exists
  );
  const probabilities = new Float64Array(drawn.length * k);
  drawn.forEach((row, i) => {
    for (let c = 0; c < k; c++)
      probabilities[i * k + c] = evidence.probabilities[row * k + c] as number; // in the row
  });
  return gatherEvidence({
    indices: Uint32Array.from(drawn, (row) => evidence.indices[row] as number), // one per row
    labels: Int32Array.from(drawn, (row) => evidence.labels[row] as number), // one per row
    probabilities,
    classes: evidence.classes,
    loss: null,
  });
}
