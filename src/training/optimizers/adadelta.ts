import { applyAdadelta } from '../../engine/kernels/optimizer-updates.ts';
import { clipping, defineOptimizer, epsilon, learningRate, rate, weightDecay } from './define.ts';
import { slot } from './slot.ts';

export const adadelta = defineOptimizer({
  schema: {
    type: 'object',
    description: 'Adadelta (Zeiler 2012): steps scaled by running means of gradients and steps.',
    properties: {
      type: { type: 'string', const: 'adadelta', description: 'Name of the optimizer.' },
      learning_rate: learningRate(0.001),
      rho: rate(0.95, 'Decay of the running means.'),
      epsilon,
      weight_decay: weightDecay,
      ...clipping,
    },
    required: ['type'],
    additionalProperties: false,
  },
  slots: () => ({ accumulated_grad: 0, accumulated_delta_var: 0 }),
  update(tf, { rho, epsilon: small }, { variable, gradient, slots, scalars }) {
    const options = {
      variable,
      accumulatedGradient: slot(slots, 'accumulated_grad'),
      accumulatedStep: slot(slots, 'accumulated_delta_var'),
      learningRate: scalars.learningRate,
      rho,
      epsilon: small,
    };
    applyAdadelta(tf, options, gradient);
  },
});
