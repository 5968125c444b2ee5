import { defineLayer } from './define.ts';
import { differs } from './gradients.ts';
import { inputOfRank } from './sizes.ts';

export const masking = defineLayer({
  className: 'Masking',
  schema: {
    type: 'object',
    description:
      'Marks the steps whose values are all the same given one: recurrent layers skip them.',
    properties: {
      type: { type: 'string', const: 'masking', description: 'Marks steps to skip.' },
      mask_value: { type: 'number', default: 0, description: 'The value of such steps.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, inputs) => inputOfRank(inputs, 2, 'sequences [steps, channels]'),
  mask: ({ mask_value: value }, { tf, x }) => tf.any(differs(tf, x, value), -1),
  call: ({ mask_value: value }, { tf, x }) =>
    tf.mul(x, tf.cast(tf.any(differs(tf, x, value), -1, true), 'float32')),
});
