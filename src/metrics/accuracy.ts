/** How often the most probable class, or one of the most probable, is the true one. */
import {
  byCount,
  byShares,
  defineMetric,
  type Evidence,
  largestShare,
  type MetricDefinition,
  total,
  Undefined,
} from './define.ts';

export const accuracy = defineMetric({
  schema: {
    type: 'string',
    const: 'accuracy',
    description: 'Share of samples whose most probable class is the true one, whatever the loss.',
  },
  direction: 'max',
  range: [0, 1],
  counts: true,
  compute: (evidence) => correct(evidence) / someRows(evidence),
  knowNothing: largestShare,
});

export const balancedAccuracy = defineMetric({
  schema: {
    type: 'string',
    const: 'balanced_accuracy',
    description: 'Mean recall of the classes that the part has samples of.',
  },
  direction: 'max',
  range: [0, 1],
  counts: true,
  compute: (evidence) => {
    someRows(evidence);
    const recalls = evidence.support.flatMap((n, c) =>
      n > 0 ? [(evidence.confusion[c]?.[c] ?? 0) / n] : [],
    );
    return total(recalls) / recalls.length;
  },
  knowNothing: byCount((classes) => 1 / classes),
});

/** `top_3_accuracy` and its like: scikit-learn's top_k_accuracy_score, later classes first in ties. */
export const topKAccuracy = (k: number): MetricDefinition => ({
  schema: {
    type: 'string',
    const: `top_${k}_accuracy`,
    description: `Share of samples whose true class is among the ${k} most probable.`,
  },
  direction: 'max',
  range: [0, 1],
  compute: (evidence) => {
    const { rows, labels, probabilities, classes } = evidence;
    let hits = 0;
    for (let row = 0; row < rows; row++) {
      const label = labels[row] as number; // row < rows
      const own = probabilities[row * classes.length + label] as number; // in the row
      let before = 0;
      for (let c = 0; c < classes.length; c++) {
        const other = probabilities[row * classes.length + c] as number; // in the row
        if (other > own || (other === own && c > label)) before += 1;
      }
      if (before < k) hits += 1;
    }
    return hits / someRows(evidence);
  },
  knowNothing: byShares((shares) =>
    Math.min(1, total([...shares].sort((a, b) => b - a).slice(0, k))),
  ),
});

export function someRows({ rows }: Evidence): number {
  if (rows === 0) throw new Undefined('there are no samples');
  return rows;
}

export const correct = ({ confusion }: Evidence): number =>
  total(confusion.map((row, c) => row[c] ?? 0));
