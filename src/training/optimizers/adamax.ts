import { applyAdamax } from '../../engine/kernels/optimizer-updates.ts';
import { clipping, defineOptimizer, epsilon, learningRate, rate, weightDecay } from './define.ts';
import { slot } from './slot.ts';

export const adamax = defineOptimizer({
  schema: {
    type: 'object',
    description: 'Adamax: Adam with the infinity norm of the gradients.',
    properties: {
      type: { type: 'string', const: 'adamax', description: 'Name of the optimizer.' },
      learning_rate: learningRate(0.001),
      beta_1: rate(0.9, 'Decay of the running mean of the gradients.'),
      beta_2: rate(0.999, 'Decay of the running largest gradient.'),
      epsilon,
      weight_decay: weightDecay,
      ...clipping,
    },
    required: ['type'],
    additionalProperties: false,
  },
  slots: () => ({ momentum: 0, norm: 0 }),
  scalars: (tf, { beta_1 }, { step }) => ({ beta1Power: tf.pow(tf.scalar(beta_1), step) }),
  update(tf, { beta_1, beta_2, epsilon: small }, { variable, gradient, slots, scalars }) {
    const options = {
      variable,
      m: slot(slots, 'momentum'),
      u: slot(slots, 'norm'),
      beta1Power: slot(scalars, 'beta1Power'),
      learningRate: scalars.learningRate,
      beta1: beta_1,
      beta2: beta_2,
      epsilon: small,
    };
    applyAdamax(tf, options, gradient);
  },
});
