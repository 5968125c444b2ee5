/** Convolutions channel by channel, alone (depthwise) or followed by a 1×1 one (separable). */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { activate, activation } from '../activations.ts';
import { constraint } from '../constraints.ts';
import type { Shape } from '../graph.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { insertAxis } from './axes.ts';
import { biasWeight } from './convolution.ts';
import { defineLayer, ShapeError } from './define.ts';
import { dilate } from './dilation.ts';
import {
  count,
  padding,
  perAxis,
  type Size,
  size,
  sizeOr,
  spatialInput,
  windowCounts,
} from './sizes.ts';

type Rank = 1 | 2;
type WindowOptions = {
  readonly kernel_size: Size;
  readonly strides: Size;
  readonly padding: 'valid' | 'same';
  readonly dilation_rate: Size;
};

const windowOptions = <R extends Rank>(rank: R) =>
  ({
    kernel_size: size(rank, 'Size of the window'),
    strides: sizeOr(rank, 1, 'Step of the window'),
    padding,
    dilation_rate: sizeOr(rank, 1, 'Distance between the taps of the window'),
    depth_multiplier: {
      type: 'integer',
      minimum: 1,
      default: 1,
      description: 'Filters for each input channel.',
    },
  }) as const;

/** Lengths after the windows; TensorFlow's depthwise kernel steps the same along both axes. */
function windowLengths(config: WindowOptions, inputs: readonly Shape[], rank: Rank): Shape {
  const { lengths, shape } = spatialInput(inputs, rank);
  const strides = perAxis(config.strides, rank);
  const dilations = perAxis(config.dilation_rate, rank);
  if (new Set(strides).size > 1) {
    throw new ShapeError(`has strides [${strides.join(', ')}], which have to be equal`);
  }
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    throw new ShapeError('cannot have both strides and dilation_rate above 1');
  }
  const sizes = perAxis(config.kernel_size, rank);
  return windowCounts(lengths, { sizes, strides, dilations, padding: config.padding }, shape);
}

/** Each channel with its own filters; sequences run as images of width 1. */
function convolveChannels(tf: Engine, x: Tensor, kernel: Tensor, config: WindowOptions): Tensor {
  const rank = x.rank === 3 ? 1 : 2;
  const images = rank === 1 ? insertAxis(tf, x, 2) : x;
  const filters = rank === 1 ? insertAxis(tf, kernel, 1) : kernel;
  const [stride = 1] = perAxis(config.strides, rank);
  const [down = 1, across = 1] = perAxis(config.dilation_rate, rank);
  const convolve = (input: Tensor, pad: 'valid' | 'same'): Tensor =>
    // `shape` checked the rank.
    tf.depthwiseConv2d(input as Tensor4D, filters as Tensor4D, [stride, stride], pad);
  const y =
    down === 1 && across === 1
      ? convolve(images, config.padding)
      : dilate(tf, images, filters.shape.slice(0, 2), [down, across], config.padding, (pieces) =>
          convolve(pieces, 'valid'),
        );
  return rank === 1 ? tf.squeeze(y, [2]) : y;
}

const depthwiseConvolution = <const Type extends string, R extends Rank>(
  type: Type,
  className: string,
  rank: R,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Convolves each channel with its own filters.',
      properties: {
        type: { type: 'string', const: type, description: 'Channel by channel.' },
        ...windowOptions(rank),
        activation: activation(),
        use_bias: { type: 'boolean', default: true, description: 'Whether a bias is added.' },
        depthwise_initializer: initializer('kernel', 'glorot_uniform'),
        bias_initializer: initializer('bias', 'zeros'),
        depthwise_regularizer: regularizer('kernel'),
        bias_regularizer: regularizer('bias'),
        depthwise_constraint: constraint('kernel'),
        bias_constraint: constraint('bias'),
      },
      required: ['type', 'kernel_size'],
      additionalProperties: false,
    },
    shape: (config, inputs) => [
      ...windowLengths(config, inputs, rank),
      spatialInput(inputs, rank).channels * config.depth_multiplier,
    ],
    weights: (config, inputs) => {
      const { channels } = spatialInput(inputs, rank);
      return [
        {
          name: 'kernel',
          shape: [...perAxis(config.kernel_size, rank), channels, config.depth_multiplier],
          trainable: true,
          initializer: config.depthwise_initializer,
          regularizer: config.depthwise_regularizer,
          constraint: config.depthwise_constraint,
        },
        ...biasWeight(config, channels * config.depth_multiplier),
      ];
    },
    call: (config, { tf, x, weight }) => {
      const linear = convolveChannels(tf, x, weight('kernel'), config);
      const shifted = config.use_bias ? tf.add(linear, weight('bias')) : linear;
      return activate(tf, config.activation, shifted);
    },
  });

const separableConvolution = <const Type extends string, R extends Rank>(
  type: Type,
  className: string,
  rank: R,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Convolves each channel with its own filters, then mixes the channels.',
      properties: {
        type: { type: 'string', const: type, description: 'Channel by channel, then mixed.' },
        filters: count('Number of output channels.'),
        ...windowOptions(rank),
        activation: activation(),
        use_bias: { type: 'boolean', default: true, description: 'Whether a bias is added.' },
        depthwise_initializer: initializer('depthwise kernel', 'glorot_uniform'),
        pointwise_initializer: initializer('pointwise kernel', 'glorot_uniform'),
        bias_initializer: initializer('bias', 'zeros'),
        depthwise_regularizer: regularizer('depthwise kernel'),
        pointwise_regularizer: regularizer('pointwise kernel'),
        bias_regularizer: regularizer('bias'),
        depthwise_constraint: constraint('depthwise kernel'),
        pointwise_constraint: constraint('pointwise kernel'),
        bias_constraint: constraint('bias'),
      },
      required: ['type', 'filters', 'kernel_size'],
      additionalProperties: false,
    },
    shape: (config, inputs) => [...windowLengths(config, inputs, rank), config.filters],
    weights: (config, inputs) => {
      const { channels } = spatialInput(inputs, rank);
      const ones = Array<number>(rank).fill(1);
      return [
        {
          name: 'depthwise_kernel',
          shape: [...perAxis(config.kernel_size, rank), channels, config.depth_multiplier],
          trainable: true,
          initializer: config.depthwise_initializer,
          regularizer: config.depthwise_regularizer,
          constraint: config.depthwise_constraint,
        },
        {
          name: 'pointwise_kernel',
          shape: [...ones, channels * config.depth_multiplier, config.filters],
          trainable: true,
          initializer: config.pointwise_initializer,
          regularizer: config.pointwise_regularizer,
          constraint: config.pointwise_constraint,
        },
        ...biasWeight(config, config.filters),
      ];
    },
    call: (config, { tf, x, weight }) => {
      const deep = convolveChannels(tf, x, weight('depthwise_kernel'), config);
      const pointwise = weight('pointwise_kernel');
      const images = deep.rank === 3 ? insertAxis(tf, deep, 2) : deep;
      const mixer = pointwise.rank === 3 ? insertAxis(tf, pointwise, 0) : pointwise;
      // 1×1 windows: rank 4 by the two lines above.
      const mixed = tf.conv2d(images as Tensor4D, mixer as Tensor4D, 1, 'valid');
      const linear = deep.rank === 3 ? tf.squeeze(mixed, [2]) : mixed;
      const shifted = config.use_bias ? tf.add(linear, weight('bias')) : linear;
      return activate(tf, config.activation, shifted);
    },
  });

export const depthwise_conv1d = depthwiseConvolution('depthwise_conv1d', 'DepthwiseConv1D', 1);
export const depthwise_conv2d = depthwiseConvolution('depthwise_conv2d', 'DepthwiseConv2D', 2);
export const separable_conv1d = separableConvolution('separable_conv1d', 'SeparableConv1D', 1);
export const separable_conv2d = separableConvolution('separable_conv2d', 'SeparableConv2D', 2);
