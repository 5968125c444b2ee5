/** `stratified_group_k_fold`: scikit-learn's greedy StratifiedGroupKFold. */
import { classCounts, requireClassesOf } from '../class-counts.ts';
import { requireGroups } from '../groups.ts';
import { populationDeviation, sum } from '../random/numpy-sum.ts';
import { defineStrategy, divisionsOf, foldsSchema, randomStateSchema } from './define.ts';

export const stratifiedGroupKFold = defineStrategy({
  schema: {
    type: 'object',
    description:
      'Folds that keep each group whole and have about the same share of every class (StratifiedGroupKFold).',
    properties: {
      type: {
        type: 'string',
        const: 'stratified_group_k_fold',
        description: 'Stratified group k-fold.',
      },
      folds: foldsSchema,
      shuffle: {
        type: 'boolean',
        default: true,
        description: 'Take the groups in random order where they are equally uneven.',
      },
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  grouped: true,
  stratified: true,
  partitions: true,
  folds: ({ folds }) => folds,
  split: ({ folds, shuffle }, samples, random) => {
    const groups = requireGroups(samples, folds);
    requireClassesOf(folds, samples.labels, samples.classes);
    const counts = countsPerGroup(samples.labels, groups.of, groups.count, samples.classes.length);
    const order = Uint32Array.from({ length: groups.count }, (_, group) => group);
    if (shuffle) random.shuffle(order);
    const unevenness = counts.map(populationDeviation);
    // Array.sort is stable, as the argsort that it stands for.
    const byUnevenness = [...order].sort((a, b) => (unevenness[b] ?? 0) - (unevenness[a] ?? 0));

    const totals = classCounts(samples.labels, samples.classes.length);
    const filled = Array.from({ length: folds }, () => totals.map(() => 0));
    const foldOfGroup = new Int32Array(groups.count);
    for (const group of byUnevenness) {
      const added = counts[group] ?? [];
      const best = bestFold(filled, totals, added);
      filled[best] = (filled[best] ?? []).map((n, c) => n + (added[c] ?? 0));
      foldOfGroup[group] = best;
    }
    return divisionsOf(
      groups.of.map((group) => foldOfGroup[group] as number), // one per group
      folds,
    );
  },
});

/** [groups][classes] */
function countsPerGroup(
  labels: Int32Array,
  groupOf: Int32Array,
  groups: number,
  classes: number,
): number[][] {
  const counts = Array.from({ length: groups }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    const row = counts[groupOf[i] as number]; // one group per sample
    if (row) row[label] = (row[label] ?? 0) + 1;
  });
  return counts;
}

/** The fold where the group leaves the classes spread most evenly; the emptier one where equal. */
function bestFold(
  filled: readonly (readonly number[])[],
  totals: readonly number[],
  added: readonly number[],
): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let fewest = Number.POSITIVE_INFINITY;
  filled.forEach((counts, fold) => {
    const spread = totals.map((total, c) =>
      deviationOverFolds(filled, c, fold, added[c] ?? 0, total),
    );
    const score = sum(spread) / spread.length;
    const samples = sum(counts);
    if (score < least || (isClose(score, least) && samples < fewest)) {
      best = fold;
      least = score;
      fewest = samples;
    }
  });
  return best;
}

/** Standard deviation over folds of a class's share, were `added` samples put into `fold`. */
function deviationOverFolds(
  filled: readonly (readonly number[])[],
  label: number,
  fold: number,
  added: number,
  total: number,
): number {
  // Added up row by row, as NumPy does along the first axis.
  let mean = 0;
  for (let f = 0; f < filled.length; f++)
    mean += ((filled[f]?.[label] ?? 0) + (f === fold ? added : 0)) / total;
  mean /= filled.length;
  let squares = 0;
  for (let f = 0; f < filled.length; f++) {
    const share = ((filled[f]?.[label] ?? 0) + (f === fold ? added : 0)) / total;
    squares += (share - mean) * (share - mean);
  }
  return Math.sqrt(squares / filled.length);
}

/** numpy.isclose with its default tolerances. */
const isClose = (a: number, b: number) => Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
