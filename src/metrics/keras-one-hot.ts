/**
 * What Keras computes when its binary metrics meet one-hot labels: every output is a decision of
 * its own, all outputs pooled. They look high because most outputs are rightly near 0; they are here
 * so that published numbers can be set beside honest ones.
 */
import { someRows } from './accuracy.ts';
import {
  byCount,
  byShares,
  defineMetric,
  type Evidence,
  largestShare,
  type MetricDefinition,
  total,
} from './define.ts';

/** Keras's default: an output counts as "yes" above this. */
const threshold = 0.5;

type Decisions = {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
};

function decide(evidence: Evidence): Decisions {
  const { rows, labels, probabilities, classes } = evidence;
  let [truePositives, falsePositives] = [0, 0];
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < classes.length; c++) {
      if ((probabilities[row * classes.length + c] as number) <= threshold) continue; // in the row
      if (labels[row] === c) truePositives += 1;
      else falsePositives += 1;
    }
  return { truePositives, falsePositives, falseNegatives: someRows(evidence) - truePositives };
}

/** Keras's divide_no_nan. */
const ratio = (part: number, all: number) => (all === 0 ? 0 : part / all);

const oneHot = (
  name: string,
  description: string,
  knowNothing: MetricDefinition['knowNothing'],
  of: (decisions: Decisions, evidence: Evidence) => number,
): MetricDefinition =>
  defineMetric({
    schema: { type: 'string', const: name, description },
    direction: 'max',
    range: [0, 1],
    compute: (evidence) => of(decide(evidence), evidence),
    ...(knowNothing && { knowNothing }),
  });

export const binaryAccuracy = oneHot(
  'binary_accuracy',
  'Keras’s BinaryAccuracy on one-hot labels: share of single outputs on the right side of 0.5. Predicting nothing scores (n−1)/n.',
  byCount((classes) => (classes - 1) / classes),
  ({ falsePositives, falseNegatives }, { rows, classes }) =>
    1 - (falsePositives + falseNegatives) / (rows * classes.length),
);

export const binaryPrecision = oneHot(
  'binary_precision',
  'Keras’s Precision on one-hot labels: of the outputs above 0.5, the share that is right.',
  largestShare,
  ({ truePositives, falsePositives }) => ratio(truePositives, truePositives + falsePositives),
);

export const binaryRecall = oneHot(
  'binary_recall',
  'Keras’s Recall on one-hot labels: share of samples whose true output is above 0.5.',
  largestShare,
  ({ truePositives, falseNegatives }) => ratio(truePositives, truePositives + falseNegatives),
);

export const binaryF1 = oneHot(
  'binary_f1',
  'Harmonic mean of binary_precision and binary_recall.',
  largestShare,
  ({ truePositives, falsePositives, falseNegatives }) =>
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
);

export const binaryAuc = defineMetric({
  schema: {
    type: 'string',
    const: 'binary_auc',
    description:
      'Keras’s AUC on one-hot labels: all outputs pooled into one ROC curve, approximated at 200 thresholds.',
  },
  direction: 'max',
  range: [0, 1],
  compute: pooledArea,
  // The class shares as outputs: a frequent class's output then stands above a rare one's.
  knowNothing: byShares((shares) =>
    total(
      shares.flatMap((p) =>
        shares.map((q) => (p * (1 - q) * (p > q ? 1 : p === q ? 0.5 : 0)) / (shares.length - 1)),
      ),
    ),
  ),
});

/** keras.metrics.AUC(num_thresholds=200): trapezoids between thresholds 1/199 apart. */
function pooledArea(evidence: Evidence): number {
  const { rows, labels, probabilities, classes } = evidence;
  const buckets = 199;
  const positives = new Float64Array(buckets);
  const negatives = new Float64Array(buckets);
  for (let row = 0; row < someRows(evidence); row++)
    for (let c = 0; c < classes.length; c++) {
      const p = probabilities[row * classes.length + c] as number; // in the row
      const bucket = Math.max(0, Math.ceil(p * buckets) - 1);
      const counts = labels[row] === c ? positives : negatives;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  const negativeCount = rows * (classes.length - 1);
  let area = 0;
  let recall = 0;
  for (let bucket = buckets - 1; bucket >= 0; bucket--) {
    const next = recall + (positives[bucket] ?? 0) / rows;
    area += ((negatives[bucket] ?? 0) / negativeCount) * ((recall + next) / 2);
    recall = next;
  }
  return area;
}
