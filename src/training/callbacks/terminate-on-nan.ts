import { defineCallback } from './define.ts';

/**
 * Always on: the loop fails a fold at the first batch whose loss is not a finite number. Listing
 * it changes nothing; the entry exists so that a Keras user's list is valid.
 */
export const terminateOnNan = defineCallback({
  schema: {
    type: 'object',
    description: 'Fails a fold whose loss is no longer a number. Always on, listed or not.',
    properties: {
      type: { type: 'string', const: 'terminate_on_nan', description: 'Name of the callback.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  start: () => ({}),
});
