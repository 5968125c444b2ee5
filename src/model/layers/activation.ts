import { activationNames } from '../activations.ts';
import { defineLayer, passMask } from './define.ts';

export const activation = defineLayer({
  className: 'Activation',
  schema: {
    type: 'object',
    description: 'Applies an activation function to its input.',
    properties: {
      type: { type: 'string', const: 'activation', description: 'An activation function.' },
      activation: {
        type: 'string',
        enum: activationNames,
        examples: ['relu', 'gelu'],
        description: 'Name of the function.',
      },
    },
    required: ['type', 'activation'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => input,
  mask: passMask,
  call: (_config, { x, activate }) => activate(x),
});
