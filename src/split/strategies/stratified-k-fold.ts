/** `stratified_k_fold` and `repeated_stratified_k_fold`, as in scikit-learn. */
import { requireClassesOf } from '../class-counts.ts';
import type { RandomState } from '../random/mt19937.ts';
import {
  type Division,
  defineStrategy,
  divisionsOf,
  foldsSchema,
  randomStateSchema,
  type Samples,
} from './define.ts';

export const stratifiedKFold = defineStrategy({
  schema: {
    type: 'object',
    description: 'Folds with the same share of every class (scikit-learn’s StratifiedKFold).',
    properties: {
      type: { type: 'string', const: 'stratified_k_fold', description: 'Stratified k-fold.' },
      folds: foldsSchema,
      shuffle: {
        type: 'boolean',
        default: true,
        description: 'Shuffle within each class; false takes the samples in the order of the data.',
      },
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  stratified: true,
  partitions: true,
  folds: ({ folds }) => folds,
  split: ({ folds, shuffle }, samples, random) =>
    stratifiedFolds(samples, folds, shuffle ? random : null, 0),
});

export const repeatedStratifiedKFold = defineStrategy({
  schema: {
    type: 'object',
    description:
      'stratified_k_fold several times over, shuffled anew each time (RepeatedStratifiedKFold).',
    properties: {
      type: {
        type: 'string',
        const: 'repeated_stratified_k_fold',
        description: 'Repeated stratified k-fold.',
      },
      folds: foldsSchema,
      repeats: {
        type: 'integer',
        minimum: 1,
        default: 3,
        description: 'How often all folds are made anew.',
      },
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  stratified: true,
  partitions: true,
  folds: ({ folds, repeats }) => folds * repeats,
  split: ({ folds, repeats }, samples, random) =>
    Array.from({ length: repeats }, (_, repeat) =>
      stratifiedFolds(samples, folds, random, repeat),
    ).flat(),
});

/** scikit-learn's StratifiedKFold._make_test_folds. */
function stratifiedFolds(
  { labels, classes }: Samples,
  folds: number,
  random: RandomState | null,
  repeat: number,
): readonly Division[] {
  requireClassesOf(folds, labels, classes);
  const byAppearance = [...new Set(labels)];
  const members = byAppearance.map((label) => indicesOf(labels, label));

  const foldOf = new Int32Array(labels.length);
  let position = 0; // in the samples sorted by class, dealt to the folds in turn
  for (const indices of members) {
    const counts = new Array<number>(folds).fill(0);
    for (let i = 0; i < indices.length; i++) {
      const fold = position++ % folds;
      counts[fold] = (counts[fold] ?? 0) + 1;
    }
    const dealt = Uint32Array.from(counts.flatMap((n, fold) => new Array<number>(n).fill(fold)));
    random?.shuffle(dealt);
    indices.forEach((index, i) => {
      foldOf[index] = dealt[i] as number; // as many as indices
    });
  }
  return divisionsOf(foldOf, folds, repeat);
}

function indicesOf(labels: Int32Array, label: number): number[] {
  const indices: number[] = [];
  labels.forEach((value, i) => {
    if (value === label) indices.push(i);
  });
  return indices;
}
