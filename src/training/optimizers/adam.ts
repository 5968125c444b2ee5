/** Adam (Kingma & Ba 2014), AMSGrad (Reddi 2018) and AdamW (Loshchilov & Hutter 2019). */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import {
  adamwWeightDecay,
  clipping,
  defineOptimizer,
  epsilon,
  learningRate,
  rate,
  type WeightUpdate,
  weightDecay,
} from './define.ts';
import { slot } from './slot.ts';

const options = {
  learning_rate: learningRate(0.001),
  beta_1: rate(0.9, 'Decay of the running mean of the gradients.'),
  beta_2: rate(0.999, 'Decay of the running mean of the squared gradients.'),
  epsilon,
  amsgrad: {
    type: 'boolean',
    default: false,
    description: 'Divide by the largest running mean of the squared gradients so far.',
  },
  ...clipping,
} as const;

type AdamConfig = {
  readonly beta_1: number;
  readonly beta_2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
};

const behaviour = {
  slots: ({ amsgrad }: AdamConfig): Record<string, number> => ({
    momentum: 0,
    velocity: 0,
    ...(amsgrad ? { velocity_hat: 0 } : {}),
  }),
  scalars(tf: Engine, { beta_1, beta_2 }: AdamConfig, rateNow: Tensor, step: Tensor) {
    const beta1Power = tf.pow(tf.scalar(beta_1), step);
    const beta2Power = tf.pow(tf.scalar(beta_2), step);
    const corrected = tf.mul(rateNow, tf.sqrt(tf.sub(1, beta2Power)));
    return { beta1Power, beta2Power, alpha: tf.div(corrected, tf.sub(1, beta1Power)) };
  },
  update(tf: Engine, config: AdamConfig, { variable, gradient, slots, scalars }: WeightUpdate) {
    const momentum = slot(slots, 'momentum');
    const velocity = slot(slots, 'velocity');
    const toward = (mean: Tensor, value: Tensor, beta: number) =>
      tf.add(mean, tf.mul(tf.sub(value, mean), 1 - beta));
    momentum.assign(toward(momentum, gradient, config.beta_1));
    velocity.assign(toward(velocity, tf.square(gradient), config.beta_2));
    const highest = slots.velocity_hat;
    highest?.assign(tf.maximum(highest, velocity));
    const scale = tf.add(tf.sqrt(highest ?? velocity), config.epsilon);
    const alpha = slot(scalars, 'alpha');
    variable.assign(tf.sub(variable, tf.div(tf.mul(momentum, alpha), scale)));
  },
};

export const adam = defineOptimizer({
  schema: {
    type: 'object',
    description: 'Adam: running means of gradients and squared gradients.',
    properties: {
      type: { type: 'string', const: 'adam', description: 'Name of the optimizer.' },
      ...options,
      weight_decay: weightDecay,
    },
    required: ['type'],
    additionalProperties: false,
  },
  ...behaviour,
});

export const adamw = defineOptimizer({
  schema: {
    type: 'object',
    description: 'Adam with decoupled weight decay.',
    properties: {
      type: { type: 'string', const: 'adamw', description: 'Name of the optimizer.' },
      ...options,
      weight_decay: adamwWeightDecay,
    },
    required: ['type'],
    additionalProperties: false,
  },
  ...behaviour,
});
