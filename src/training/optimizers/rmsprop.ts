import { applyRmsprop } from '../../engine/kernels/optimizer-updates.ts';
import { clipping, defineOptimizer, epsilon, learningRate, rate, weightDecay } from './define.ts';
import { slot } from './slot.ts';

export const rmsprop = defineOptimizer({
  schema: {
    type: 'object',
    description: 'RMSprop: gradients divided by the root of their running mean square.',
    properties: {
      type: { type: 'string', const: 'rmsprop', description: 'Name of the optimizer.' },
      learning_rate: learningRate(0.001),
      rho: rate(0.9, 'Decay of the running mean of the squared gradients.'),
      momentum: rate(0, 'Share of the last update that is kept.'),
      epsilon,
      centered: {
        type: 'boolean',
        default: false,
        description: 'Divide by the running variance instead of the mean square.',
      },
      weight_decay: weightDecay,
      ...clipping,
    },
    required: ['type'],
    additionalProperties: false,
  },
  slots: ({ momentum, centered }): Record<string, number> => ({
    velocity: 0,
    ...(momentum > 0 ? { momentum: 0 } : {}),
    ...(centered ? { average_gradient: 0 } : {}),
  }),
  update(tf, { rho, momentum, epsilon: small }, { variable, gradient, slots, scalars }) {
    const options = {
      variable,
      velocity: slot(slots, 'velocity'),
      momentumSlot: slots.momentum,
      averageGradient: slots.average_gradient,
      learningRate: scalars.learningRate,
      rho,
      momentum,
      epsilon: small,
    };
    applyRmsprop(tf, options, gradient);
  },
});
