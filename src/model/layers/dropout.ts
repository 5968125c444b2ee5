/**
 * Random noise while training, as Keras's regularization layers. Every draw comes from the fold's
 * stream, so masks differ from step to step and repeat from seed to seed.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { randomStream } from '../../engine/random.ts';
import type { Shape } from '../graph.ts';
import { defineLayer, type LayerCall, passMask, ShapeError } from './define.ts';
import { shapeText, spatialInput } from './sizes.ts';

const rate = {
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 1,
  description: 'Share of the values that are dropped.',
} as const;

const sameShape = (_config: unknown, [input = []]: readonly Shape[]): Shape => input;

/** Zeroes a share of the values and scales the others so that the mean stays. */
function drop({ tf, x }: LayerCall, share: number, noiseShape: readonly number[]): Tensor {
  const kept = tf.greaterEqual(randomStream(tf).uniform(noiseShape), share);
  return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - share)));
}

export const dropout = defineLayer({
  className: 'Dropout',
  schema: {
    type: 'object',
    description: 'Zeroes a random share of its inputs while training and scales up the rest.',
    properties: {
      type: { type: 'string', const: 'dropout', description: 'Zeroes a random share.' },
      rate,
      noise_shape: {
        description:
          'Shape of the random mask with the batch axis: 1 drops along an axis together, null is the length of the input.',
        default: null,
        examples: [[null, 1, 1, 64]],
        anyOf: [
          { type: 'null' },
          {
            type: 'array',
            items: { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 1 }] },
          },
        ],
      },
    },
    required: ['type', 'rate'],
    additionalProperties: false,
  },
  random: true,
  shape: ({ noise_shape: noise }, [input = []]) => {
    const fits =
      noise === null ||
      (noise.length === input.length + 1 &&
        noise
          .slice(1)
          .every((length, axis) => length === null || length === 1 || length === input[axis]));
    if (fits) return input;
    throw new ShapeError(
      `has a noise_shape that does not fit its input ${shapeText(input)} and the batch axis`,
    );
  },
  mask: passMask,
  call: ({ rate: share, noise_shape: noise }, call) => {
    const { shape } = call.x;
    const mask = shape.map((length, axis) => noise?.[axis] ?? length);
    return call.training && share > 0 ? drop(call, share, mask) : call.x;
  },
});

const spatialDropout = <const Type extends string>(
  type: Type,
  className: string,
  rank: 1 | 2 | 3,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Zeroes a random share of whole channels while training.',
      properties: {
        type: { type: 'string', const: type, description: 'Zeroes whole channels.' },
        rate,
      },
      required: ['type', 'rate'],
      additionalProperties: false,
    },
    random: true,
    shape: (_config, inputs) => spatialInput(inputs, rank).shape,
    mask: passMask,
    call: (config, call) => {
      const { shape } = call.x;
      const noise = shape.map((length, axis) => (axis === 0 || axis === rank + 1 ? length : 1));
      return call.training && config.rate > 0 ? drop(call, config.rate, noise) : call.x;
    },
  });

export const spatial_dropout1d = spatialDropout('spatial_dropout1d', 'SpatialDropout1D', 1);
export const spatial_dropout2d = spatialDropout('spatial_dropout2d', 'SpatialDropout2D', 2);
export const spatial_dropout3d = spatialDropout('spatial_dropout3d', 'SpatialDropout3D', 3);

export const gaussian_noise = defineLayer({
  className: 'GaussianNoise',
  schema: {
    type: 'object',
    description: 'Adds normally distributed noise while training.',
    properties: {
      type: { type: 'string', const: 'gaussian_noise', description: 'Adds noise.' },
      stddev: { type: 'number', minimum: 0, description: 'Standard deviation of the noise.' },
    },
    required: ['type', 'stddev'],
    additionalProperties: false,
  },
  random: true,
  shape: sameShape,
  mask: passMask,
  call: ({ stddev }, { tf, x, training }) =>
    training ? tf.add(x, randomStream(tf).normal(x.shape, 0, stddev)) : x,
});

export const gaussian_dropout = defineLayer({
  className: 'GaussianDropout',
  schema: {
    type: 'object',
    description: 'Multiplies with noise around 1 while training.',
    properties: {
      type: { type: 'string', const: 'gaussian_dropout', description: 'Multiplies with noise.' },
      rate: { ...rate, description: 'As in dropout: the noise has variance rate / (1 − rate).' },
    },
    required: ['type', 'rate'],
    additionalProperties: false,
  },
  random: true,
  shape: sameShape,
  mask: passMask,
  call: (config, { tf, x, training }) =>
    training && config.rate > 0
      ? tf.mul(x, randomStream(tf).normal(x.shape, 1, Math.sqrt(config.rate / (1 - config.rate))))
      : x,
});

/** −scale · alpha of SELU (Klambauer et al., 2017): where a dropped unit goes. */
const saturation = -1.0507009873554805 * 1.6732632423543772;

export const alpha_dropout = defineLayer({
  className: 'AlphaDropout',
  schema: {
    type: 'object',
    description: 'Dropout that keeps mean and variance of SELU networks.',
    properties: {
      type: { type: 'string', const: 'alpha_dropout', description: 'Dropout for SELU.' },
      rate,
    },
    required: ['type', 'rate'],
    additionalProperties: false,
  },
  random: true,
  shape: sameShape,
  mask: passMask,
  call: (config, { tf, x, training }) => {
    if (!training || config.rate === 0) return x;
    const kept = tf.greaterEqual(randomStream(tf).uniform(x.shape), config.rate);
    const scale = 1 / Math.sqrt((1 - config.rate) * (1 + config.rate * saturation ** 2));
    const values = tf.where(kept, x, tf.fill(x.shape, saturation));
    return tf.add(tf.mul(values, scale), -scale * saturation * config.rate);
  },
});
