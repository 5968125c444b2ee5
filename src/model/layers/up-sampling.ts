/** Enlarges by whole factors, in one to three dimensions. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Shape } from '../graph.ts';
import { defineLayer } from './define.ts';
import { resizeImages } from './gradients.ts';
import { perAxis, type Size, sizeOr, spatialInput } from './sizes.ts';

/** Each value `factor` times along an axis. */
function repeated(tf: Engine, x: Tensor, axis: number, factor: number): Tensor {
  if (factor === 1) return x;
  const tiled = tf.stack(Array<Tensor>(factor).fill(x), axis + 1);
  return tf.reshape(
    tiled,
    x.shape.map((length, index) => (index === axis ? length * factor : length)),
  );
}

const repeatAll = (tf: Engine, x: Tensor, factors: readonly number[]): Tensor =>
  factors.reduce((y, factor, axis) => repeated(tf, y, axis + 1, factor), x);

function upSampledShape(inputs: readonly Shape[], factor: Size, rank: number): Shape {
  const { lengths, channels } = spatialInput(inputs, rank);
  const factors = perAxis(factor, rank);
  return [
    ...lengths.map((length, axis) => (length === null ? null : length * (factors[axis] ?? 1))),
    channels,
  ];
}

const upSampling = <const Type extends string, Rank extends 1 | 3>(
  type: Type,
  className: string,
  rank: Rank,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Repeats each value along each axis.',
      properties: {
        type: { type: 'string', const: type, description: 'Repeats each value.' },
        size: sizeOr(rank, 2, 'How often'),
      },
      required: ['type'],
      additionalProperties: false,
    },
    shape: ({ size }, inputs) => upSampledShape(inputs, size, rank),
    call: ({ size }, { tf, x }) => repeatAll(tf, x, perAxis(size, rank)),
  });

export const up_sampling1d = upSampling('up_sampling1d', 'UpSampling1D', 1);
export const up_sampling3d = upSampling('up_sampling3d', 'UpSampling3D', 3);

export const up_sampling2d = defineLayer({
  className: 'UpSampling2D',
  schema: {
    type: 'object',
    description: 'Images enlarged by whole factors.',
    properties: {
      type: { type: 'string', const: 'up_sampling2d', description: 'Enlarges images.' },
      size: sizeOr(2, 2, 'Factor'),
      interpolation: {
        type: 'string',
        enum: ['nearest', 'bilinear'],
        default: 'nearest',
        description: 'How values between pixels are found.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: ({ size }, inputs) => upSampledShape(inputs, size, 2),
  call: ({ size, interpolation }, { tf, x }) => {
    const [down = 1, across = 1] = perAxis(size, 2);
    if (interpolation === 'nearest') return repeatAll(tf, x, [down, across]);
    const [, height = 1, width = 1] = x.shape;
    // `shape` checked the rank.
    return resizeImages(tf, x as Tensor4D, [height * down, width * across], 'bilinear');
  },
});
