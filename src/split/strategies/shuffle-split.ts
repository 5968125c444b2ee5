/** `holdout`, `shuffle_split`, `stratified_shuffle_split`: random test parts of a fixed fraction. */
import { drawShuffled, drawStratified } from '../random/draw.ts';
import type { RandomState } from '../random/mt19937.ts';
import { type Division, defineStrategy, randomStateSchema, type Samples } from './define.ts';

const fractionSchema = {
  type: 'number',
  exclusiveMinimum: 0,
  exclusiveMaximum: 1,
  default: 0.2,
  description: 'Share of the samples in the test part.',
} as const;

const splitsSchema = {
  type: 'integer',
  minimum: 1,
  default: 5,
  description: 'Number of random divisions; their test parts may overlap.',
} as const;

export const holdout = defineStrategy({
  schema: {
    type: 'object',
    description:
      'One random test part (scikit-learn’s train_test_split). One number without an interval: k-fold tells more.',
    properties: {
      type: { type: 'string', const: 'holdout', description: 'One division.' },
      fraction: fractionSchema,
      stratified: {
        type: 'boolean',
        default: true,
        description: 'Keep the share of every class in both parts.',
      },
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  folds: () => 1,
  split: ({ fraction, stratified }, samples, random) => [
    draw(samples, fraction, stratified, random),
  ],
});

export const shuffleSplit = defineStrategy({
  schema: {
    type: 'object',
    description: 'Several independent random test parts (scikit-learn’s ShuffleSplit).',
    properties: {
      type: { type: 'string', const: 'shuffle_split', description: 'Random divisions.' },
      splits: splitsSchema,
      fraction: fractionSchema,
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  folds: ({ splits }) => splits,
  split: ({ splits, fraction }, samples, random) =>
    Array.from({ length: splits }, () => draw(samples, fraction, false, random)),
});

export const stratifiedShuffleSplit = defineStrategy({
  schema: {
    type: 'object',
    description:
      'Several independent random test parts with the same share of every class (StratifiedShuffleSplit).',
    properties: {
      type: {
        type: 'string',
        const: 'stratified_shuffle_split',
        description: 'Stratified random divisions.',
      },
      splits: splitsSchema,
      fraction: fractionSchema,
      random_state: randomStateSchema,
    },
    required: ['type'],
    additionalProperties: false,
  },
  stratified: true,
  folds: ({ splits }) => splits,
  split: ({ splits, fraction }, samples, random) =>
    Array.from({ length: splits }, () => draw(samples, fraction, true, random)),
});

function draw(
  { labels, classes }: Samples,
  fraction: number,
  stratified: boolean,
  random: RandomState,
): Division {
  const { rest, drawn } = stratified
    ? drawStratified(labels, classes, fraction, random, 'test part')
    : drawShuffled(labels.length, fraction, random);
  return { train: rest, test: drawn };
}
