/** Maximum and average of windows, in one to three dimensions, as in Keras. */
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { insertAxis } from './axes.ts';
import { defineLayer } from './define.ts';
import { optionalSize, padding, perAxis, sizeOr, spatialInput, windowCounts } from './sizes.ts';

type Kind = 'max' | 'average';

function pool(
  tf: Engine,
  kind: Kind,
  x: Tensor,
  sizes: number[],
  strides: number[],
  pad: 'valid' | 'same',
): Tensor {
  const [height = 1, width = 1, depth = 1] = sizes;
  const [down = 1, across = 1, deep = 1] = strides;
  // The casts: `shape` checked the rank of the input.
  if (x.rank === 5) {
    const pool3d = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
    return pool3d(x as Tensor5D, [height, width, depth], [down, across, deep], pad);
  }
  const pool2d = kind === 'max' ? tf.maxPool : tf.avgPool;
  if (x.rank === 4) {
    return pool2d(x as Tensor4D, [height, width], [down, across], pad);
  }
  const tall = insertAxis(tf, x, 2) as Tensor4D;
  return tf.squeeze(pool2d(tall, [height, 1], [down, 1], pad), [2]);
}

const pooling = <const Type extends string, Rank extends 1 | 2 | 3>(
  type: Type,
  className: string,
  kind: Kind,
  rank: Rank,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: `The ${kind} of each window, channel by channel.`,
      properties: {
        type: { type: 'string', const: type, description: `The ${kind} of each window.` },
        pool_size: sizeOr(rank, 2, 'Size of the window'),
        strides: optionalSize(rank, 'Step of the window; null is the size of the window.'),
        padding,
      },
      required: ['type'],
      additionalProperties: false,
    },
    shape: (config, inputs) => {
      const { lengths, channels, shape } = spatialInput(inputs, rank);
      const sizes = perAxis(config.pool_size, rank);
      const strides = perAxis(config.strides ?? config.pool_size, rank);
      return [
        ...windowCounts(lengths, { sizes, strides, padding: config.padding }, shape),
        channels,
      ];
    },
    call: (config, { tf, x }) =>
      pool(
        tf,
        kind,
        x,
        perAxis(config.pool_size, rank),
        perAxis(config.strides ?? config.pool_size, rank),
        config.padding,
      ),
  });

export const max_pooling1d = pooling('max_pooling1d', 'MaxPooling1D', 'max', 1);
export const max_pooling2d = pooling('max_pooling2d', 'MaxPooling2D', 'max', 2);
export const max_pooling3d = pooling('max_pooling3d', 'MaxPooling3D', 'max', 3);
export const average_pooling1d = pooling('average_pooling1d', 'AveragePooling1D', 'average', 1);
export const average_pooling2d = pooling('average_pooling2d', 'AveragePooling2D', 'average', 2);
export const average_pooling3d = pooling('average_pooling3d', 'AveragePooling3D', 'average', 3);
