import type { Tensor, Tensor1D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { trainBatchNormalization } from '../../engine/kernels/batch-normalization.ts';
import { constraint } from '../constraints.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, passMask, ShapeError } from './define.ts';
import { lastLength } from './sizes.ts';

type Statistics = [
  mean: Tensor,
  variance: Tensor,
  beta: Tensor | undefined,
  gamma: Tensor | undefined,
];

/** (x − mean) / √(variance + epsilon) · gamma + beta for each channel. */
function normalize(tf: Engine, x: Tensor, statistics: Statistics, epsilon: number): Tensor {
  const channels = x.shape.at(-1) ?? 1;
  // 4-D is what TensorFlow's fused kernel takes; the other ranks differ in their shape alone.
  const images = x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, channels]);
  const [mean, variance, beta = tf.zeros([channels]), gamma = tf.ones([channels])] = statistics;
  // tfjs types the ranks apart; the statistics are vectors by their shapes.
  const vectors = [mean, variance, beta, gamma] as Tensor1D[] as [
    Tensor1D,
    Tensor1D,
    Tensor1D,
    Tensor1D,
  ];
  const y = tf.batchNorm(images, ...vectors, epsilon);
  return x.rank === 4 ? y : tf.reshape(y, x.shape);
}

/** Moves a running statistic towards the batch's. */
const moved = (tf: Engine, running: Tensor, batch: Tensor, momentum: number): Tensor =>
  tf.add(tf.mul(running, momentum), tf.mul(batch, 1 - momentum));

/**
 * Keras's BatchNormalization: in training with the batch's statistics, which also move the running
 * ones (biased variance, as in Keras 3); frozen or in inference with the running ones.
 */
export const batch_normalization = defineLayer({
  className: 'BatchNormalization',
  schema: {
    type: 'object',
    description: 'Brings each channel to mean 0 and variance 1, over the batch while training.',
    properties: {
      type: { type: 'string', const: 'batch_normalization', description: 'Normalises channels.' },
      momentum: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.99,
        description: 'Share of the running statistics that a step keeps.',
      },
      epsilon: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 0.001,
        description: 'Added to the variance.',
      },
      center: { type: 'boolean', default: true, description: 'Whether beta is added.' },
      scale: { type: 'boolean', default: true, description: 'Whether gamma multiplies.' },
      beta_initializer: initializer('beta', 'zeros'),
      gamma_initializer: initializer('gamma', 'ones'),
      moving_mean_initializer: initializer('moving mean', 'zeros'),
      moving_variance_initializer: initializer('moving variance', 'ones'),
      beta_regularizer: regularizer('beta'),
      gamma_regularizer: regularizer('gamma'),
      beta_constraint: constraint('beta'),
      gamma_constraint: constraint('gamma'),
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => {
    if (input.length === 0) throw new ShapeError('needs at least one axis besides the batch');
    lastLength(input);
    return input;
  },
  weights: (config, [input = []]) => {
    const shape = [lastLength(input)];
    const gamma = {
      name: 'gamma',
      shape,
      trainable: true,
      initializer: config.gamma_initializer,
      regularizer: config.gamma_regularizer,
      constraint: config.gamma_constraint,
    };
    const beta = {
      name: 'beta',
      shape,
      trainable: true,
      initializer: config.beta_initializer,
      regularizer: config.beta_regularizer,
      constraint: config.beta_constraint,
    };
    const statistic = (name: string, start: typeof config.gamma_initializer) => ({
      name,
      shape,
      trainable: false,
      initializer: start,
    });
    return [
      ...(config.scale ? [gamma] : []),
      ...(config.center ? [beta] : []),
      statistic('moving_mean', config.moving_mean_initializer),
      statistic('moving_variance', config.moving_variance_initializer),
    ];
  },
  mask: passMask,
  call: (config, call) => {
    const { tf, x, weight } = call;
    const gamma = config.scale ? weight('gamma') : undefined;
    const beta = config.center ? weight('beta') : undefined;
    const means = weight('moving_mean');
    const variances = weight('moving_variance');
    if (!call.training) return normalize(tf, x, [means, variances, beta, gamma], config.epsilon);
    const batch = trainBatchNormalization(tf, x, gamma, beta, config.epsilon);
    call.update('moving_mean', moved(tf, means, batch.mean, config.momentum));
    call.update('moving_variance', moved(tf, variances, batch.variance, config.momentum));
    return batch.y;
  },
});
