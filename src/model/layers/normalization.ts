/** Normalisations that treat each sample by itself, and one with fixed statistics. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { constraint } from '../constraints.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, type LayerCall, passMask, ShapeError, type WeightShape } from './define.ts';
import { lastLength, shapeText } from './sizes.ts';

const affineOptions = {
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
  beta_regularizer: regularizer('beta'),
  gamma_regularizer: regularizer('gamma'),
  beta_constraint: constraint('beta'),
  gamma_constraint: constraint('gamma'),
} as const;

type AffineConfig = {
  readonly center: boolean;
  readonly scale: boolean;
} & {
  readonly [Weight in 'beta' | 'gamma' as `${Weight}_initializer`]: WeightShape['initializer'];
} & {
  readonly [Weight in 'beta' | 'gamma' as `${Weight}_regularizer`]: WeightShape['regularizer'];
} & {
  readonly [Weight in 'beta' | 'gamma' as `${Weight}_constraint`]: WeightShape['constraint'];
};

const affineWeights = (config: AffineConfig, channels: number): readonly WeightShape[] =>
  (['gamma', 'beta'] as const)
    .filter((name) => (name === 'gamma' ? config.scale : config.center))
    .map((name) => ({
      name,
      shape: [channels],
      trainable: true,
      initializer: config[`${name}_initializer`],
      regularizer: config[`${name}_regularizer`],
      constraint: config[`${name}_constraint`],
    }));

function scaleAndShift(config: AffineConfig, { tf, weight }: LayerCall, x: Tensor): Tensor {
  const scaled = config.scale ? tf.mul(x, weight('gamma')) : x;
  return config.center ? tf.add(scaled, weight('beta')) : scaled;
}

/** Mean 0 and variance 1 over the given axes. */
function standardized(tf: Engine, x: Tensor, axes: number[], epsilon: number): Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
}

export const layer_normalization = defineLayer({
  className: 'LayerNormalization',
  schema: {
    type: 'object',
    description: 'Mean 0 and variance 1 over the channels of each position.',
    properties: {
      type: { type: 'string', const: 'layer_normalization', description: 'Over the channels.' },
      ...affineOptions,
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => {
    lastLength(input);
    return input;
  },
  weights: (config, [input = []]) => affineWeights(config, lastLength(input)),
  mask: passMask,
  call: (config, call) =>
    scaleAndShift(config, call, standardized(call.tf, call.x, [call.x.rank - 1], config.epsilon)),
});

export const group_normalization = defineLayer({
  className: 'GroupNormalization',
  schema: {
    type: 'object',
    description: 'Mean 0 and variance 1 over groups of channels and all positions of a sample.',
    properties: {
      type: { type: 'string', const: 'group_normalization', description: 'Over groups.' },
      groups: {
        type: 'integer',
        minimum: -1,
        default: 32,
        description: 'Number of groups, which divides the channels; −1 is one for each channel.',
      },
      ...affineOptions,
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: ({ groups }, [input = []]) => {
    const channels = lastLength(input);
    if (groups === 0 || (groups > 0 && channels % groups !== 0)) {
      throw new ShapeError(
        `has ${groups} groups, which do not divide the channels of ${shapeText(input)}`,
      );
    }
    return input;
  },
  weights: (config, [input = []]) => affineWeights(config, lastLength(input)),
  call: (config, call) => {
    const { tf, x } = call;
    const channels = x.shape.at(-1) ?? 1;
    const groups = config.groups === -1 ? channels : config.groups;
    const grouped = tf.reshape(x, [...x.shape.slice(0, -1), groups, channels / groups]);
    // All axes but the batch and the group.
    const axes = grouped.shape
      .map((_, axis) => axis)
      .filter((axis) => axis > 0 && axis !== x.rank - 1);
    const normal = tf.reshape(standardized(tf, grouped, axes, config.epsilon), x.shape);
    return scaleAndShift(config, call, normal);
  },
});

export const unit_normalization = defineLayer({
  className: 'UnitNormalization',
  schema: {
    type: 'object',
    description: 'Length 1 along the last axis.',
    properties: {
      type: { type: 'string', const: 'unit_normalization', description: 'Length 1.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => input,
  call: (_config, { tf, x }) => {
    const squares = tf.sum(tf.square(x), -1, true);
    // Keras: ops.normalize with epsilon 1e-12 under the root.
    return tf.mul(x, tf.rsqrt(tf.maximum(squares, 1e-12)));
  },
});

const statistic = (what: string) =>
  ({
    description: `${what}: a number, or one for each channel; null is a weight that is loaded.`,
    default: null,
    anyOf: [
      { type: 'null' },
      { type: 'number' },
      { type: 'array', items: { type: 'number' }, minItems: 1 },
    ],
  }) as const;

type Statistic = number | readonly number[] | null;

export const normalization = defineLayer({
  className: 'Normalization',
  schema: {
    type: 'object',
    description: 'Subtracts a fixed mean and divides by the root of a fixed variance.',
    properties: {
      type: { type: 'string', const: 'normalization', description: 'Fixed statistics.' },
      mean: statistic('Mean'),
      variance: statistic('Variance'),
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: ({ mean, variance }, [input = []]) => {
    const channels = lastLength(input);
    if ((mean === null) !== (variance === null)) {
      throw new ShapeError('needs both `mean` and `variance`, or neither');
    }
    for (const value of [mean, variance]) {
      if (typeof value === 'object' && value !== null && value.length !== channels) {
        throw new ShapeError(
          `has ${value.length} statistics, but its input is ${shapeText(input)}`,
        );
      }
    }
    return input;
  },
  weights: ({ mean }, [input = []]) => {
    if (mean !== null) return [];
    const shape = [lastLength(input)];
    return [
      { name: 'mean', shape, trainable: false, initializer: 'zeros' },
      { name: 'variance', shape, trainable: false, initializer: 'ones' },
      { name: 'count', shape: [], trainable: false, initializer: 'zeros' },
    ];
  },
  call: ({ mean, variance }, { tf, x, weight }) => {
    const value = (given: Statistic, name: string): Tensor =>
      given === null ? weight(name) : tf.tensor(given);
    // keras.config.epsilon() keeps a variance of zero apart from a division by it.
    const deviation = tf.maximum(tf.sqrt(value(variance, 'variance')), 1e-7);
    return tf.div(tf.sub(x, value(mean, 'mean')), deviation);
  },
});
