/** Maximum and average over all positions, in one to three dimensions. */

import { insertAxis } from './axes.ts';
import { defineLayer } from './define.ts';
import { spatialInput } from './sizes.ts';

const globalPooling = <const Type extends string>(
  type: Type,
  className: string,
  kind: 'max' | 'average',
  rank: 1 | 2 | 3,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: `The ${kind} over all positions, one value for each channel.`,
      properties: {
        type: { type: 'string', const: type, description: `The ${kind} over all positions.` },
        keepdims: {
          type: 'boolean',
          default: false,
          description: 'Keep the pooled axes with length 1.',
        },
      },
      required: ['type'],
      additionalProperties: false,
    },
    shape: ({ keepdims }, inputs) => {
      const { lengths, channels } = spatialInput(inputs, rank);
      return [...(keepdims ? lengths.map(() => 1) : []), channels];
    },
    call: ({ keepdims }, { tf, x, mask }) => {
      const axes = Array.from({ length: rank }, (_, axis) => axis + 1);
      if (kind === 'max') return tf.max(x, axes, keepdims);
      if (rank > 1 || mask === undefined) return tf.mean(x, axes, keepdims);
      const kept = insertAxis(tf, tf.cast(mask, 'float32'), 2);
      return tf.div(tf.sum(tf.mul(x, kept), axes, keepdims), tf.sum(kept, axes, keepdims));
    },
  });

export const global_max_pooling1d = globalPooling(
  'global_max_pooling1d',
  'GlobalMaxPooling1D',
  'max',
  1,
);
export const global_max_pooling2d = globalPooling(
  'global_max_pooling2d',
  'GlobalMaxPooling2D',
  'max',
  2,
);
export const global_max_pooling3d = globalPooling(
  'global_max_pooling3d',
  'GlobalMaxPooling3D',
  'max',
  3,
);
export const global_average_pooling1d = globalPooling(
  'global_average_pooling1d',
  'GlobalAveragePooling1D',
  'average',
  1,
);
export const global_average_pooling2d = globalPooling(
  'global_average_pooling2d',
  'GlobalAveragePooling2D',
  'average',
  2,
);
export const global_average_pooling3d = globalPooling(
  'global_average_pooling3d',
  'GlobalAveragePooling3D',
  'average',
  3,
);
