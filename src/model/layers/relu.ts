/** Activations with options, as layers: relu, leaky_relu, elu, prelu, softmax. */
import { constraint } from '../constraints.ts';
import type { Shape } from '../graph.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, passMask, ShapeError } from './define.ts';
import { lastLength, shapeText } from './sizes.ts';

const sameShape = (_config: unknown, [input = []]: readonly Shape[]): Shape => input;

export const relu = defineLayer({
  className: 'ReLU',
  schema: {
    type: 'object',
    description: 'max(x, 0), with a slope below, a limit above and a threshold.',
    properties: {
      type: { type: 'string', const: 'relu', description: 'max(x, 0).' },
      max_value: {
        description: 'Upper limit of the output; null is none.',
        default: null,
        anyOf: [{ type: 'null' }, { type: 'number', minimum: 0 }],
      },
      negative_slope: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Slope below the threshold.',
      },
      threshold: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Values below it are on the slope.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: sameShape,
  mask: passMask,
  call: ({ max_value: limit, negative_slope: slope, threshold }, { tf, x }) => {
    const above = tf.where(tf.greaterEqual(x, threshold), x, tf.zerosLike(x));
    const limited = limit === null ? above : tf.minimum(above, limit);
    if (slope === 0) return limited;
    const below = tf.mul(tf.sub(x, threshold), slope);
    return tf.where(tf.greaterEqual(x, threshold), limited, below);
  },
});

export const leaky_relu = defineLayer({
  className: 'LeakyReLU',
  schema: {
    type: 'object',
    description: 'x above zero, a slope below.',
    properties: {
      type: { type: 'string', const: 'leaky_relu', description: 'A slope below zero.' },
      negative_slope: {
        type: 'number',
        minimum: 0,
        default: 0.3,
        description: 'Slope below zero.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: sameShape,
  mask: passMask,
  call: ({ negative_slope: slope }, { tf, x }) => tf.leakyRelu(x, slope),
});

export const elu = defineLayer({
  className: 'ELU',
  schema: {
    type: 'object',
    description: 'x above zero, alpha · (exp(x) − 1) below.',
    properties: {
      type: { type: 'string', const: 'elu', description: 'Exponential below zero.' },
      alpha: { type: 'number', default: 1, description: 'Depth of the exponential part.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: sameShape,
  mask: passMask,
  call: ({ alpha }, { tf, x }) => tf.add(tf.relu(x), tf.mul(tf.expm1(tf.minimum(x, 0)), alpha)),
});

export const prelu = defineLayer({
  className: 'PReLU',
  schema: {
    type: 'object',
    description: 'x above zero, a learnt slope below.',
    properties: {
      type: { type: 'string', const: 'prelu', description: 'A learnt slope below zero.' },
      alpha_initializer: initializer('slope', 'zeros'),
      alpha_regularizer: regularizer('slope'),
      alpha_constraint: constraint('slope'),
      shared_axes: {
        description: 'Axes along which the slope is shared, such as [1, 2] for images.',
        default: null,
        anyOf: [{ type: 'null' }, { type: 'array', items: { type: 'integer', minimum: 1 } }],
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: sameShape,
  mask: passMask,
  weights: (config, [input = []]) => {
    const shape = input.map((length, axis) => {
      if (config.shared_axes?.includes(axis + 1)) return 1;
      if (length === null)
        throw new ShapeError(`needs fixed lengths, but gets ${shapeText(input)}`);
      return length;
    });
    return [
      {
        name: 'alpha',
        shape,
        trainable: true,
        initializer: config.alpha_initializer,
        regularizer: config.alpha_regularizer,
        constraint: config.alpha_constraint,
      },
    ];
  },
  call: (_config, { tf, x, weight }) =>
    tf.sub(tf.relu(x), tf.mul(weight('alpha'), tf.relu(tf.neg(x)))),
});

export const softmax = defineLayer({
  className: 'Softmax',
  activation: 'softmax',
  schema: {
    type: 'object',
    description: 'Exponentials that add up to 1 along the last axis.',
    properties: {
      type: { type: 'string', const: 'softmax', description: 'Adds up to 1.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => {
    lastLength(input);
    return input;
  },
  call: (_config, { x, activate }) => activate(x),
});
