import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { type AugmentationCall, defineAugmentation } from './define.ts';

/** Reverses one axis of about half of the images. */
function flipHalf({ tf, images, random }: AugmentationCall, x: Tensor, axis: number): Tensor {
  const isFlipped = tf.less(random.uniform([images.shape[0], 1, 1, 1]), 0.5);
  return tf.where(isFlipped, tf.reverse(x, axis), x);
}

export const random_flip = defineAugmentation({
  className: 'RandomFlip',
  schema: {
    type: 'object',
    description: 'Mirrors about half of the images.',
    properties: {
      type: { type: 'string', const: 'random_flip', description: 'Mirrors images.' },
      mode: {
        type: 'string',
        enum: ['horizontal', 'vertical', 'horizontal_and_vertical'],
        default: 'horizontal_and_vertical',
        description: 'Left and right, top and bottom, or both. Faces want horizontal.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  apply: ({ mode }, call) => {
    const across = mode === 'vertical' ? call.images : flipHalf(call, call.images, 2);
    return mode === 'horizontal' ? across : flipHalf(call, across, 1);
  },
});
