import type { Tensor } from '@tensorflow/tfjs-node-gpu';
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
    const gradients = slot(slots, 'accumulated_grad');
    const steps = slot(slots, 'accumulated_delta_var');
    const mean = (running: Tensor, value: Tensor) =>
      tf.add(tf.mul(running, rho), tf.mul(tf.square(value), 1 - rho));
    const root = (value: Tensor) => tf.sqrt(tf.add(value, small));
    gradients.assign(mean(gradients, gradient));
    const step = tf.neg(tf.div(tf.mul(root(steps), gradient), root(gradients)));
    steps.assign(mean(steps, step));
    variable.assign(tf.add(variable, tf.mul(step, scalars.learningRate)));
  },
});
