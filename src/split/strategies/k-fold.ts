/** `k_fold` and `repeated_k_fold`: scikit-learn's KFold and RepeatedKFold. */
import { ExperimentError } from '../../errors.ts';
import type { RandomState } from '../random/mt19937.ts';
import {
  type Division,
  defineStrategy,
  divisionsOf,
  foldsSchema,
  randomStateSchema,
} from './define.ts';

export const kFold = defineStrategy({
  schema: {
    type: 'object',
    description:
      'Folds of equal size without regard to classes (scikit-learn’s KFold). For classification stratified_k_fold is the better choice.',
    properties: {
      type: { type: 'string', const: 'k_fold', description: 'Plain k-fold.' },
      folds: foldsSchema,
      shuffle: {
        type: 'boolean',
        default: true,
        description: 'Shuffle the samples first; false takes them in the order of the data.',
      },
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  partitions: true,
  folds: ({ folds }) => folds,
  split: ({ folds, shuffle }, { labels }, random) =>
    consecutiveFolds(labels.length, folds, shuffle ? random : null, 0),
});

export const repeatedKFold = defineStrategy({
  schema: {
    type: 'object',
    description: 'k_fold several times over, shuffled anew each time (RepeatedKFold).',
    properties: {
      type: { type: 'string', const: 'repeated_k_fold', description: 'Repeated plain k-fold.' },
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
  partitions: true,
  folds: ({ folds, repeats }) => folds * repeats,
  split: ({ folds, repeats }, { labels }, random) =>
    Array.from({ length: repeats }, (_, repeat) =>
      consecutiveFolds(labels.length, folds, random, repeat),
    ).flat(),
});

/** Folds of consecutive samples, shuffled first where a generator is given. */
function consecutiveFolds(
  samples: number,
  folds: number,
  random: RandomState | null,
  repeat: number,
): readonly Division[] {
  if (folds > samples)
    throw new ExperimentError(
      'DATA_INVALID',
      `${folds} folds cannot be made of ${samples} samples.`,
      `Set split.strategy.folds to at most ${samples}.`,
    );
  const order = Uint32Array.from({ length: samples }, (_, i) => i);
  random?.shuffle(order);
  const foldOf = new Int32Array(samples);
  let start = 0;
  for (let fold = 0; fold < folds; fold++) {
    const size = Math.floor(samples / folds) + (fold < samples % folds ? 1 : 0);
    for (const i of order.subarray(start, start + size)) foldOf[i] = fold;
    start += size;
  }
  return divisionsOf(foldOf, folds, repeat);
}
