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
  scalars: (tf, { beta_1 }, _learningRate, step) => ({
    correction: tf.sub(1, tf.pow(tf.scalar(beta_1), step)),
  }),
  update(tf, config, { variable, gradient, slots, scalars }) {
    const momentum = slot(slots, 'momentum');
    const norm = slot(slots, 'norm');
    momentum.assign(tf.add(momentum, tf.mul(tf.sub(gradient, momentum), 1 - config.beta_1)));
    norm.assign(tf.maximum(tf.mul(norm, config.beta_2), tf.abs(gradient)));
    const scale = tf.mul(slot(scalars, 'correction'), tf.add(norm, config.epsilon));
    variable.assign(tf.sub(variable, tf.div(tf.mul(momentum, scalars.learningRate), scale)));
  },
});
