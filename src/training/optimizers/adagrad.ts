import { applyAdagrad } from '../../engine/kernels/optimizer-updates.ts';
import { clipping, defineOptimizer, epsilon, learningRate, weightDecay } from './define.ts';
import { slot } from './slot.ts';

export const adagrad = defineOptimizer({
  schema: {
    type: 'object',
    description: 'Adagrad (Duchi 2011): gradients divided by the root of the sum of their squares.',
    properties: {
      type: { type: 'string', const: 'adagrad', description: 'Name of the optimizer.' },
      learning_rate: learningRate(0.001),
      initial_accumulator_value: {
        type: 'number',
        minimum: 0,
        default: 0.1,
        description: 'What the sums of squares start from.',
      },
      epsilon,
      weight_decay: weightDecay,
      ...clipping,
    },
    required: ['type'],
    additionalProperties: false,
  },
  slots: (config) => ({ accumulator: config.initial_accumulator_value }),
  update(tf, { epsilon: small }, { variable, gradient, slots, scalars }) {
    const accumulator = slot(slots, 'accumulator');
    const { learningRate } = scalars;
    applyAdagrad(tf, { variable, accumulator, learningRate, epsilon: small }, gradient);
  },
});
