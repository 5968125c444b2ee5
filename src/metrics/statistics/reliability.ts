/** The reliability curve: how often the model is right where it says that it is sure. */
import type { Evidence } from '../define.ts';

/** Bins of the confidence, as in Guo et al., "On calibration of modern neural networks" (2017). */
const binCount = 15;

export type ReliabilityBin = {
  /** Confidences above `from`, up to and including `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability of the most probable class; null in an empty bin. */
  readonly confidence: number | null;
  /** Share of rows whose most probable class is the true one; null in an empty bin. */
  readonly accuracy: number | null;
};

/** Rows by the probability of their most probable class, in 15 bins of equal width over 0 … 1. */
export function reliability(evidence: Evidence): readonly ReliabilityBin[] {
  const { rows, labels, predicted, probabilities, classes } = evidence;
  const edges = binEdges();
  const counts = new Float64Array(binCount);
  const confidences = new Float64Array(binCount);
  const hits = new Float64Array(binCount);
  for (let row = 0; row < rows; row++) {
    const at = predicted[row] as number; // row < rows
    const confidence = probabilities[row * classes.length + at] as number; // in the row
    const next = edges.findIndex((edge) => confidence <= edge);
    const bin = next < 0 ? binCount - 1 : Math.max(0, next - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
    confidences[bin] = (confidences[bin] ?? 0) + confidence;
    if (labels[row] === at) hits[bin] = (hits[bin] ?? 0) + 1;
  }
  return Array.from({ length: binCount }, (_, bin) => {
    const count = counts[bin] ?? 0;
    return {
      from: edges[bin] as number, // one more edge than bins
      to: edges[bin + 1] as number,
      count,
      confidence: count > 0 ? (confidences[bin] ?? 0) / count : null,
      accuracy: count > 0 ? (hits[bin] ?? 0) / count : null,
    };
  });
}

/** As numpy.linspace(0, 1, 16) rounds them. */
const binEdges = (): readonly number[] =>
  Array.from({ length: binCount + 1 }, (_, i) => (i === binCount ? 1 : i * (1 / binCount)));
