/** Contrast and brightness, as Keras's. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import {
  type AugmentationCall,
  defineAugmentation,
  drawFactor,
  factor,
  rangeOf,
  valueRange,
} from './define.ts';

const perImage = ({ tf }: AugmentationCall, draws: Tensor): Tensor =>
  tf.reshape(draws, [-1, 1, 1, 1]);

export const random_contrast = defineAugmentation({
  className: 'RandomContrast',
  schema: {
    type: 'object',
    description: 'Brings values nearer to the mean of their channel, or further from it.',
    properties: {
      type: { type: 'string', const: 'random_contrast', description: 'Changes the contrast.' },
      factor: {
        description: 'The distance is multiplied by 1 − f … 1 + f, or 1 − lower … 1 + upper.',
        anyOf: [
          { type: 'number', minimum: 0, maximum: 1 },
          { type: 'array', items: { type: 'number', minimum: 0 }, minItems: 2, maxItems: 2 },
        ],
      },
      value_range: valueRange,
    },
    required: ['type', 'factor'],
    additionalProperties: false,
  },
  apply: (config, call) => {
    const { tf, images } = call;
    const [lower = 0, upper = 0] =
      typeof config.factor === 'number' ? [config.factor, config.factor] : config.factor;
    const scale = perImage(call, drawFactor(call, [1 - lower, 1 + upper]));
    const means = tf.mean(images, [1, 2], true);
    const changed = tf.add(tf.mul(tf.sub(images, means), scale), means);
    return tf.clipByValue(changed, ...rangeOf(config.value_range, call));
  },
});

export const random_brightness = defineAugmentation({
  className: 'RandomBrightness',
  schema: {
    type: 'object',
    description: 'Makes each image lighter or darker as a whole.',
    properties: {
      type: { type: 'string', const: 'random_brightness', description: 'Lighter or darker.' },
      factor: factor('What is added, as a share of the range of values'),
      value_range: valueRange,
    },
    required: ['type', 'factor'],
    additionalProperties: false,
  },
  apply: (config, call) => {
    const { tf, images } = call;
    const [lowest, highest] = rangeOf(config.value_range, call);
    const added = tf.mul(perImage(call, drawFactor(call, config.factor)), highest - lowest);
    return tf.clipByValue(tf.add(images, added), lowest, highest);
  },
});
