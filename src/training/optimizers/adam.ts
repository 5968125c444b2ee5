/** Adam (Kingma & Ba 2014), AMSGrad (Reddi 2018) and AdamW (Loshchilov & Hutter 2019). */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { applyAdam } from '../../engine/kernels/optimizer-updates.ts';
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

/**
 * TensorFlow's op takes 1 − β from a float32 β, Keras from the exact one: for β = 0.999 they are
 * 1.3e-5 apart. The moments are off by this factor, which the learning rate and epsilon take back.
 */
const restScale = (beta: number): number => (1 - Math.fround(beta)) / (1 - beta);
const secondMomentScale = ({ beta_2 }: AdamConfig): number => Math.sqrt(restScale(beta_2));

const behaviour = {
  slots: ({ amsgrad }: AdamConfig): Record<string, number> => ({
    momentum: 0,
    velocity: 0,
    ...(amsgrad ? { velocity_hat: 0 } : {}),
  }),
  scalars: (tf: Engine, config: AdamConfig, now: { learningRate: Tensor; step: Tensor }) => ({
    beta1Power: tf.pow(tf.scalar(config.beta_1), now.step),
    beta2Power: tf.pow(tf.scalar(config.beta_2), now.step),
    corrected: tf.mul(now.learningRate, secondMomentScale(config) / restScale(config.beta_1)),
  }),
  update(tf: Engine, config: AdamConfig, update: WeightUpdate) {
    if (config.amsgrad) return updateAmsgrad(tf, config, update);
    const { variable, gradient, slots, scalars } = update;
    const powers = {
      beta1Power: slot(scalars, 'beta1Power'),
      beta2Power: slot(scalars, 'beta2Power'),
    };
    const learningRate = slot(scalars, 'corrected');
    const { beta_1: beta1, beta_2: beta2 } = config;
    const small = config.epsilon * secondMomentScale(config);
    const moments = { m: slot(slots, 'momentum'), v: slot(slots, 'velocity') };
    applyAdam(
      tf,
      { variable, ...moments, ...powers, learningRate, beta1, beta2, epsilon: small },
      gradient,
    );
  },
};

/** Adam, but divided by the largest second moment so far. */
function updateAmsgrad(tf: Engine, config: AdamConfig, update: WeightUpdate): void {
  const { variable, gradient, slots, scalars } = update;
  const m = slot(slots, 'momentum');
  const v = slot(slots, 'velocity');
  const highest = slot(slots, 'velocity_hat');
  const toward = (mean: Tensor, value: Tensor, beta: number) =>
    tf.add(mean, tf.mul(tf.sub(value, mean), 1 - beta));
  m.assign(toward(m, gradient, config.beta_1));
  v.assign(toward(v, tf.square(gradient), config.beta_2));
  highest.assign(tf.maximum(highest, v));
  const beta1Rest = tf.sub(1, slot(scalars, 'beta1Power'));
  const beta2Rest = tf.sub(1, slot(scalars, 'beta2Power'));
  const alpha = tf.div(tf.mul(scalars.learningRate, tf.sqrt(beta2Rest)), beta1Rest);
  const scale = tf.add(tf.sqrt(highest), config.epsilon);
  variable.assign(tf.sub(variable, tf.div(tf.mul(m, alpha), scale)));
}

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
