/** Transposed convolutions, which enlarge: the gradient of a convolution as a layer. */
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { activate } from '../activations.ts';
import { insertAxis } from './axes.ts';
import { biasWeight, kernelOptions, kernelWeight } from './convolution.ts';
import { defineLayer } from './define.ts';
import { conv3dTranspose } from './gradients.ts';
import { count, padding, perAxis, size, sizeOr, spatialInput } from './sizes.ts';

/** Length after the layer (Keras: compute_conv_transpose_output_length). */
const enlarged = (length: number, window: number, stride: number, pad: 'valid' | 'same'): number =>
  pad === 'same' ? length * stride : length * stride + Math.max(window - stride, 0);

function convolveTransposed(
  tf: Engine,
  x: Tensor,
  kernel: Tensor,
  strides: readonly number[],
  pad: 'valid' | 'same',
): Tensor {
  const filters = kernel.shape.at(-2) ?? 1;
  const lengths = x.shape
    .slice(1, -1)
    .map((length, axis) => enlarged(length, kernel.shape[axis] ?? 1, strides[axis] ?? 1, pad));
  const [batch = 0] = x.shape;
  const [first = 1, second = 1, third = 1] = strides;
  const [height = 1, width = 1, depth = 1] = lengths;
  // The casts: ranks follow from the rank of x, which `shape` checked.
  if (x.rank === 5) {
    const shape: [number, number, number, number, number] = [batch, height, width, depth, filters];
    const [x5, kernel5] = [x as Tensor5D, kernel as Tensor5D];
    return conv3dTranspose(tf, x5, kernel5, shape, [first, second, third], pad);
  }
  if (x.rank === 4) {
    const shape: [number, number, number, number] = [batch, height, width, filters];
    return tf.conv2dTranspose(x as Tensor4D, kernel as Tensor4D, shape, [first, second], pad);
  }
  const tall = insertAxis(tf, x, 2) as Tensor4D;
  const tallKernel = insertAxis(tf, kernel, 1) as Tensor4D;
  const y = tf.conv2dTranspose(tall, tallKernel, [batch, height, 1, filters], [first, 1], pad);
  return tf.squeeze(y, [2]);
}

const transposedConvolution = <const Type extends string, Rank extends 1 | 2 | 3>(
  type: Type,
  className: string,
  rank: Rank,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Transposed convolution: enlarges by its strides.',
      properties: {
        type: { type: 'string', const: type, description: 'Transposed convolution.' },
        filters: count('Number of filters, which is the number of output channels.'),
        kernel_size: size(rank, 'Size of the window'),
        strides: sizeOr(rank, 1, 'Factor of enlargement'),
        padding,
        ...kernelOptions,
      },
      required: ['type', 'filters', 'kernel_size'],
      additionalProperties: false,
    },
    shape: (config, inputs) => {
      const sizes = perAxis(config.kernel_size, rank);
      const strides = perAxis(config.strides, rank);
      const lengths = spatialInput(inputs, rank).lengths.map((length, axis) =>
        length === null
          ? null
          : enlarged(length, sizes[axis] ?? 1, strides[axis] ?? 1, config.padding),
      );
      return [...lengths, config.filters];
    },
    weights: (config, inputs) => [
      kernelWeight(config, [
        ...perAxis(config.kernel_size, rank),
        config.filters,
        spatialInput(inputs, rank).channels,
      ]),
      ...biasWeight(config, config.filters),
    ],
    call: (config, { tf, x, weight }) => {
      const strides = perAxis(config.strides, rank);
      const linear = convolveTransposed(tf, x, weight('kernel'), strides, config.padding);
      const shifted = config.use_bias ? tf.add(linear, weight('bias')) : linear;
      return activate(tf, config.activation, shifted);
    },
  });

export const conv1d_transpose = transposedConvolution('conv1d_transpose', 'Conv1DTranspose', 1);
export const conv2d_transpose = transposedConvolution('conv2d_transpose', 'Conv2DTranspose', 2);
export const conv3d_transpose = transposedConvolution('conv3d_transpose', 'Conv3DTranspose', 3);
