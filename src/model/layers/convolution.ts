/** conv1d, conv2d and conv3d. Weights and options as in Keras; images are channels last. */
import type { Tensor, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { activate, activation } from '../activations.ts';
import { constraint } from '../constraints.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, ShapeError, type WeightShape } from './define.ts';
import { dilate } from './dilation.ts';
import { count, padding, perAxis, size, sizeOr, spatialInput, windowCounts } from './sizes.ts';

/** Options that all layers with a kernel and a bias share. */
export const kernelOptions = {
  activation: activation(),
  use_bias: { type: 'boolean', default: true, description: 'Whether a bias is added.' },
  kernel_initializer: initializer('kernel', 'glorot_uniform'),
  bias_initializer: initializer('bias', 'zeros'),
  kernel_regularizer: regularizer('kernel'),
  bias_regularizer: regularizer('bias'),
  kernel_constraint: constraint('kernel'),
  bias_constraint: constraint('bias'),
} as const;

type BiasConfig = {
  readonly use_bias: boolean;
  readonly bias_initializer: WeightShape['initializer'];
  readonly bias_regularizer: WeightShape['regularizer'];
  readonly bias_constraint: WeightShape['constraint'];
};
type KernelConfig = {
  readonly kernel_initializer: WeightShape['initializer'];
  readonly kernel_regularizer: WeightShape['regularizer'];
  readonly kernel_constraint: WeightShape['constraint'];
};

export const kernelWeight = (config: KernelConfig, shape: readonly number[]): WeightShape => ({
  name: 'kernel',
  shape,
  trainable: true,
  initializer: config.kernel_initializer,
  regularizer: config.kernel_regularizer,
  constraint: config.kernel_constraint,
});

/** The bias, or nothing where `use_bias` is false. */
export const biasWeight = (config: BiasConfig, units: number): readonly WeightShape[] =>
  config.use_bias
    ? [
        {
          name: 'bias',
          shape: [units],
          trainable: true,
          initializer: config.bias_initializer,
          regularizer: config.bias_regularizer,
          constraint: config.bias_constraint,
        },
      ]
    : [];

type ConvolutionOptions = {
  readonly strides: number[];
  readonly padding: 'valid' | 'same' | 'causal';
  readonly dilations: number[];
  readonly groups: number;
};

/** Zeros before a sequence, so that step t sees nothing later than t. */
const padCausally = (tf: Engine, x: Tensor, window: number, dilation: number): Tensor =>
  tf.pad(x, [
    [0, 0],
    [(window - 1) * dilation, 0],
    [0, 0],
  ]);

function convolve(tf: Engine, x: Tensor, kernel: Tensor, options: ConvolutionOptions): Tensor {
  const { dilations, strides } = options;
  const sizes = kernel.shape.slice(0, -2);
  const isCausal = options.padding === 'causal';
  const input = isCausal ? padCausally(tf, x, sizes[0] ?? 1, dilations[0] ?? 1) : x;
  const pad = options.padding === 'same' ? 'same' : 'valid';
  return dilations.every((dilation) => dilation === 1)
    ? plainConvolution(tf, input, kernel, strides, pad)
    : dilate(tf, input, sizes, dilations, pad, (pieces) =>
        plainConvolution(tf, pieces, kernel, strides, 'valid'),
      );
}

function plainConvolution(
  tf: Engine,
  x: Tensor,
  kernel: Tensor,
  [first = 1, second = 1, third = 1]: readonly number[],
  pad: 'valid' | 'same',
): Tensor {
  // The casts: the rank is the spatial rank of the registry entry, which `shape` checked.
  if (x.rank === 3) return tf.conv1d(x as Tensor3D, kernel as Tensor3D, first, pad);
  if (x.rank === 4) return tf.conv2d(x as Tensor4D, kernel as Tensor4D, [first, second], pad);
  return tf.conv3d(x as Tensor5D, kernel as Tensor5D, [first, second, third], pad);
}

/** Convolves each group of channels with its own filters and puts the results side by side. */
function convolveGroups(
  tf: Engine,
  x: Tensor,
  kernel: Tensor,
  options: ConvolutionOptions,
): Tensor {
  const { groups } = options;
  if (groups === 1) return convolve(tf, x, kernel, options);
  const channels = x.shape.at(-1) ?? 1;
  const [stride = 1, acrossStride = 1] = options.strides;
  const [dilation = 1, across = dilation] = options.dilations;
  const isPlain = dilation === 1 && across === 1 && stride === acrossStride;
  if (x.rank === 4 && groups === channels && isPlain) {
    const filters = kernel.shape.at(-1) ?? 1;
    // [h, w, 1, C·M] is [h, w, C, M] in memory: filter c·M + m sees channel c alone.
    const depthwise = tf.reshape(kernel, [
      ...kernel.shape.slice(0, 2),
      channels,
      filters / channels,
    ]);
    return tf.depthwiseConv2d(
      x as Tensor4D,
      depthwise as Tensor4D,
      [stride, acrossStride],
      options.padding === 'same' ? 'same' : 'valid',
    );
  }
  const inputs = tf.split(x, groups, x.rank - 1);
  const kernels = tf.split(kernel, groups, kernel.rank - 1);
  return tf.concat(
    inputs.map((part, group) => convolve(tf, part, kernels[group] ?? kernel, options)),
    x.rank - 1,
  );
}

const causalPadding = {
  ...padding,
  enum: ['valid', 'same', 'causal'],
  description: '`valid`: windows inside only; `same`: zeros around; `causal`: zeros before.',
} as const;

const convolution = <const Type extends string, Rank extends 1 | 2 | 3>(
  type: Type,
  className: string,
  rank: Rank,
  what: string,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: `Convolution over ${what} with a bias and an activation.`,
      properties: {
        type: { type: 'string', const: type, description: `Convolution over ${what}.` },
        filters: count('Number of filters, which is the number of output channels.'),
        kernel_size: size(rank, 'Size of the window'),
        strides: sizeOr(rank, 1, 'Step of the window'),
        padding: rank === 1 ? causalPadding : padding,
        dilation_rate: sizeOr(rank, 1, 'Distance between the taps of the window'),
        groups: {
          type: 'integer',
          minimum: 1,
          default: 1,
          description: 'Groups of channels that are convolved apart from each other.',
        },
        ...kernelOptions,
      },
      required: ['type', 'filters', 'kernel_size'],
      additionalProperties: false,
    },
    shape: (config, inputs) => {
      const { lengths, channels, shape } = spatialInput(inputs, rank);
      const strides = perAxis(config.strides, rank);
      const dilations = perAxis(config.dilation_rate, rank);
      if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
        throw new ShapeError('cannot have both strides and dilation_rate above 1');
      }
      if (channels % config.groups !== 0 || config.filters % config.groups !== 0) {
        throw new ShapeError(
          `has ${config.groups} groups, which divide neither or only one of its ${channels} input channels and ${config.filters} filters`,
        );
      }
      const windows = { sizes: perAxis(config.kernel_size, rank), strides, dilations };
      return [
        ...windowCounts(lengths, { ...windows, padding: config.padding }, shape),
        config.filters,
      ];
    },
    weights: (config, inputs) => {
      const { channels } = spatialInput(inputs, rank);
      return [
        kernelWeight(config, [
          ...perAxis(config.kernel_size, rank),
          channels / config.groups,
          config.filters,
        ]),
        ...biasWeight(config, config.filters),
      ];
    },
    call: (config, { tf, x, weight }) => {
      const linear = convolveGroups(tf, x, weight('kernel'), {
        strides: perAxis(config.strides, rank),
        padding: config.padding,
        dilations: perAxis(config.dilation_rate, rank),
        groups: config.groups,
      });
      return activate(
        tf,
        config.activation,
        config.use_bias ? tf.add(linear, weight('bias')) : linear,
      );
    },
  });

export const conv1d = convolution('conv1d', 'Conv1D', 1, 'sequences [steps, channels]');
export const conv2d = convolution('conv2d', 'Conv2D', 2, 'images [height, width, channels]');
export const conv3d = convolution(
  'conv3d',
  'Conv3D',
  3,
  'volumes [depth, height, width, channels]',
);
