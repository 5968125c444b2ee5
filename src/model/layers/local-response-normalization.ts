import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { defineLayer } from './define.ts';
import { spatialInput } from './sizes.ts';

/** tf.nn.local_response_normalization with its defaults; AlexNet (2012) has 2, 2, 1e-4, 0.75. */
export const local_response_normalization = defineLayer({
  className: 'LocalResponseNormalization',
  schema: {
    type: 'object',
    description: 'Divides each value by the energy of its neighbouring channels (AlexNet).',
    properties: {
      type: {
        type: 'string',
        const: 'local_response_normalization',
        description: 'Divides by the energy of neighbouring channels.',
      },
      depth_radius: {
        type: 'integer',
        minimum: 0,
        default: 5,
        description: 'Channels on either side that count.',
      },
      bias: { type: 'number', default: 1, description: 'Added to the energy.' },
      alpha: { type: 'number', default: 1, description: 'Factor of the energy.' },
      beta: { type: 'number', default: 0.5, description: 'Exponent of the divisor.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, inputs) => spatialInput(inputs, 2).shape,
  call: ({ depth_radius, bias, alpha, beta }, { tf, x }) =>
    // `shape` checked the rank.
    tf.localResponseNormalization(x as Tensor4D, depth_radius, bias, alpha, beta),
});
