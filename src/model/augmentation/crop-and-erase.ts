/** A window of each image, and patches taken out of it. */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import { type AugmentationCall, defineAugmentation, rangeOf, valueRange } from './define.ts';

/** Boxes of whole pixels at random places, as rows [top, left, bottom, right] in 0…1. */
function randomBoxes(call: AugmentationCall, height: number, width: number): Tensor2D {
  const { tf, images, random } = call;
  const [batch, fullHeight, fullWidth] = images.shape;
  const start = (places: number): Tensor => tf.floor(random.uniform([batch, 1], 0, places));
  const top = start(fullHeight - height + 1);
  const left = start(fullWidth - width + 1);
  const rows = tf.concat([top, left, tf.add(top, height - 1), tf.add(left, width - 1)], 1);
  const lengths = [fullHeight - 1, fullWidth - 1, fullHeight - 1, fullWidth - 1];
  // Two axes by construction.
  return tf.div<Tensor2D>(rows, tf.tensor1d(lengths.map((length) => Math.max(1, length))));
}

/** A window of each image at a random place, [batch, height, width, channels]. */
export function cropRandomly(call: AugmentationCall, height: number, width: number): Tensor {
  const { tf, images } = call;
  const boxes = randomBoxes(call, height, width);
  const owners = tf.range(0, images.shape[0], 1, 'int32') as Tensor1D;
  return tf.image.cropAndResize(images, boxes, owners, [height, width]);
}

export const random_crop = defineAugmentation({
  className: 'RandomCrop',
  schema: {
    type: 'object',
    description:
      'A window of each image at a random place. In `training.augmentation` it is enlarged to the size of the image again; as a layer its output has the size of the window, which lies in the middle outside of training.',
    properties: {
      type: { type: 'string', const: 'random_crop', description: 'A window of each image.' },
      height: { type: 'integer', minimum: 1, description: 'Height of the window.' },
      width: { type: 'integer', minimum: 1, description: 'Width of the window.' },
    },
    required: ['type', 'height', 'width'],
    additionalProperties: false,
  },
  apply: ({ height, width }, call) => {
    const { tf, images } = call;
    const [batch, fullHeight, fullWidth] = images.shape;
    const boxes = randomBoxes(call, Math.min(height, fullHeight), Math.min(width, fullWidth));
    const owners = tf.range(0, batch, 1, 'int32') as Tensor1D;
    return tf.image.cropAndResize(images, boxes, owners, [fullHeight, fullWidth]);
  },
});

export const random_erasing = defineAugmentation({
  className: 'RandomErasing',
  schema: {
    type: 'object',
    description: 'Covers a patch of each image with noise or one value (Zhong et al., 2017).',
    properties: {
      type: { type: 'string', const: 'random_erasing', description: 'Covers a patch.' },
      factor: {
        description:
          'Probability: p is drawn from 0…p for each image, or give [lowest, highest]; [0.5, 0.5] is one half.',
        default: 1,
        anyOf: [
          { type: 'number', minimum: 0, maximum: 1 },
          {
            type: 'array',
            items: { type: 'number', minimum: 0, maximum: 1 },
            minItems: 2,
            maxItems: 2,
          },
        ],
      },
      scale: {
        type: 'array',
        items: { type: 'number', minimum: 0, maximum: 1 },
        minItems: 2,
        maxItems: 2,
        default: [0.02, 0.33],
        description: 'Smallest and largest share of the image that is covered.',
      },
      fill_value: {
        description: 'The value of the patch; null is noise.',
        default: null,
        anyOf: [{ type: 'null' }, { type: 'number' }],
      },
      value_range: valueRange,
    },
    required: ['type'],
    additionalProperties: false,
  },
  apply: (config, call) => {
    const { tf, images, random } = call;
    const [batch, height, width] = images.shape;
    const [smallest = 0, largest = 1] = config.scale;
    const patch = (length: number, axis: 1 | 2): Tensor => {
      const size = tf.mul(tf.sqrt(random.uniform([batch, 1], smallest, largest)), length);
      const start = tf.mul(random.uniform([batch, 1]), tf.sub(length, size));
      const places = tf.range(0, length);
      const isIn = tf.logicalAnd(
        tf.greaterEqual(places, start),
        tf.less(places, tf.add(start, size)),
      );
      return tf.reshape(isIn, axis === 1 ? [batch, length, 1, 1] : [batch, 1, length, 1]);
    };
    const [lowest = 0, highest = 1] =
      typeof config.factor === 'number' ? [0, config.factor] : config.factor;
    const probability = random.uniform([batch, 1, 1, 1], lowest, highest);
    const isErased = tf.less(random.uniform([batch, 1, 1, 1]), probability);
    const covered = tf.logicalAnd(tf.logicalAnd(patch(height, 1), patch(width, 2)), isErased);
    const [low, high] = rangeOf(config.value_range, call);
    const fill =
      config.fill_value === null
        ? tf.mul(random.normal(images.shape), high)
        : tf.fill(images.shape, config.fill_value);
    return tf.where(covered, tf.clipByValue(fill, low, high), images);
  },
});
