/** `group_k_fold` and `leave_one_group_out`: no group is trained on and tested in one fold. */
import { requireGroups } from '../groups.ts';
import { defineStrategy, divisionsOf, foldsSchema, randomStateSchema } from './define.ts';

export const groupKFold = defineStrategy({
  schema: {
    type: 'object',
    description:
      'Folds that keep each group (subject, identity) whole and have about equal size (scikit-learn’s GroupKFold).',
    properties: {
      type: { type: 'string', const: 'group_k_fold', description: 'Group k-fold.' },
      folds: foldsSchema,
      shuffle: {
        type: 'boolean',
        default: false,
        description:
          'Deal the groups out at random, as many to each fold; false balances the folds’ sizes, largest group first.',
      },
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  grouped: true,
  partitions: true,
  folds: ({ folds }) => folds,
  split: ({ folds, shuffle }, samples, random) => {
    const groups = requireGroups(samples, folds);
    const foldOfGroup = shuffle
      ? dealt(random.permutation(groups.count), folds)
      : balanced(groupSizes(groups.of, groups.count), folds);
    const foldOf = groups.of.map((group) => foldOfGroup[group] as number); // one per group
    return divisionsOf(foldOf, folds);
  },
});

export const leaveOneGroupOut = defineStrategy({
  schema: {
    type: 'object',
    description: 'Each group is the test part of one fold (scikit-learn’s LeaveOneGroupOut).',
    properties: {
      type: { type: 'string', const: 'leave_one_group_out', description: 'One fold per group.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  grouped: true,
  partitions: true,
  folds: () => null,
  split: (_config, samples) => {
    const groups = requireGroups(samples, 2);
    return divisionsOf(groups.of, groups.count);
  },
});

function groupSizes(groupOf: Int32Array, count: number): number[] {
  const sizes = new Array<number>(count).fill(0);
  for (const group of groupOf) sizes[group] = (sizes[group] ?? 0) + 1;
  return sizes;
}

/** Consecutive runs of the shuffled groups, as numpy.array_split. */
function dealt(order: Uint32Array, folds: number): Int32Array {
  const foldOfGroup = new Int32Array(order.length);
  let start = 0;
  for (let fold = 0; fold < folds; fold++) {
    const size = Math.floor(order.length / folds) + (fold < order.length % folds ? 1 : 0);
    for (const group of order.subarray(start, start + size)) foldOfGroup[group] = fold;
    start += size;
  }
  return foldOfGroup;
}

/** Largest group first, each to the fold that has the fewest samples so far. */
function balanced(sizes: readonly number[], folds: number): Int32Array {
  const ascending = sizes.map((size, group) => ({ size, group })).sort((a, b) => a.size - b.size);
  const filled = new Array<number>(folds).fill(0);
  const foldOfGroup = new Int32Array(sizes.length);
  for (const { size, group } of ascending.reverse()) {
    const lightest = filled.indexOf(Math.min(...filled));
    filled[lightest] = (filled[lightest] ?? 0) + size;
    foldOfGroup[group] = lightest;
  }
  return foldOfGroup;
}
