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
  update(tf, config, { variable, gradient, slots, scalars }) {
    const { rho } = config;
    const velocity = slot(slots, 'velocity');
    velocity.assign(tf.add(tf.mul(velocity, rho), tf.mul(tf.square(gradient), 1 - rho)));
    const average = slots.average_gradient;
    average?.assign(tf.add(tf.mul(average, rho), tf.mul(gradient, 1 - rho)));
    const spread = average === undefined ? velocity : tf.sub(velocity, tf.square(average));
    const denominator = tf.sqrt(tf.add(spread, config.epsilon));
    const increment = tf.div(tf.mul(gradient, scalars.learningRate), denominator);
    const momentum = slots.momentum;
    momentum?.assign(tf.add(tf.mul(momentum, config.momentum), increment));
    variable.assign(tf.sub(variable, momentum ?? increment));
  },
});
