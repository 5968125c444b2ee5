/** `execution`: where and how wide the folds are computed. Changes no result but rounding. */
import type { Infer, Schema } from '../schema/json-schema.ts';

export const executionSchema = {
  type: 'object',
  description: 'Where the folds are computed, and how many at once.',
  properties: {
    device: {
      type: 'string',
      enum: ['auto', 'cpu', 'gpu'],
      description:
        '`auto` takes the GPU where one works; `gpu` is an error where none does; `cpu` leaves it.',
      default: 'auto',
      examples: ['auto', 'gpu'],
    },
    folds_at_once: {
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'string', const: 'auto' },
      ],
      description: 'Folds that train side by side; `auto` fits them to cores and memory.',
      default: 'auto',
      examples: ['auto', 2],
    },
    threads: {
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'string', const: 'auto' },
      ],
      description: 'Threads of each fold; `auto` shares the cores out.',
      default: 'auto',
      examples: ['auto', 4],
    },
    mode: {
      type: 'string',
      enum: ['auto', 'eager', 'graph'],
      description:
        'How a training step runs: recorded once as a TensorFlow graph (`graph`, an error where a ' +
        'model does not allow it), op by op (`eager`), or as a graph wherever possible (`auto`).',
      default: 'auto',
      examples: ['auto', 'eager'],
    },
    features: {
      type: 'string',
      enum: ['auto', 'off'],
      description:
        'What frozen layers make of the pictures: computed once and kept in a cache for all epochs, ' +
        'folds and runs, wherever nothing before them changes (`auto`), or for every batch again ' +
        '(`off`). The results are the same.',
      default: 'auto',
      examples: ['auto', 'off'],
    },
  },
  additionalProperties: false,
  default: {},
  examples: [{ device: 'cpu', folds_at_once: 2 }],
} as const satisfies Schema;

export type ExecutionConfig = Infer<typeof executionSchema>;
