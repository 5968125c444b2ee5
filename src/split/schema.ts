/** The YAML section `split`. */
import { type Infer, oneOfType } from '../schema/json-schema.ts';
import { strategies } from './strategies/index.ts';

export const splitSchema = {
  type: 'object',
  description: 'How the samples are divided into train, validation and test parts.',
  properties: {
    strategy: {
      ...oneOfType(strategies),
      description: 'Where the test parts come from: scikit-learn’s splitters by their names.',
      default: { type: 'stratified_k_fold', folds: 5, shuffle: true },
      examples: [{ type: 'stratified_k_fold', folds: 10 }, { type: 'predefined' }],
    },
    validation: {
      type: 'object',
      description:
        'What early stopping, checkpoints and plateaus see: a part of each fold’s training samples (train_test_split; whole groups where the strategy keeps groups together).',
      properties: {
        fraction: {
          type: 'number',
          exclusiveMinimum: 0,
          exclusiveMaximum: 1,
          default: 0.1,
          description: 'Share of the fold’s training samples (of its groups, with groups).',
        },
        stratified: {
          type: 'boolean',
          default: true,
          description: 'Keep the share of every class; not possible with whole groups.',
        },
      },
      additionalProperties: false,
      default: { fraction: 0.1, stratified: true },
    },
  },
  additionalProperties: false,
} as const;

export type SplitConfig = Infer<typeof splitSchema>;
