/**
 * Rotation, zoom and translation as Keras's: one projective transform for each image, all in one
 * call of ImageProjectiveTransformV3 (tfjs has no kernel for it on this backend).
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, executeOne } from '../../engine/op.ts';
import { type AugmentationCall, defineAugmentation, drawFactor, factor } from './define.ts';

const fillOptions = {
  fill_mode: {
    type: 'string',
    enum: ['reflect', 'nearest', 'wrap', 'constant'],
    default: 'reflect',
    description: 'What stands where the image does not reach.',
  },
  fill_value: {
    type: 'number',
    default: 0,
    description: 'The value there with `fill_mode: constant`.',
  },
  interpolation: {
    type: 'string',
    enum: ['bilinear', 'nearest'],
    default: 'bilinear',
    description: 'How values between pixels are found.',
  },
} as const;

type Fill = {
  readonly fill_mode: 'reflect' | 'nearest' | 'wrap' | 'constant';
  readonly fill_value: number;
  readonly interpolation: 'bilinear' | 'nearest';
};

/**
 * Output pixel (x, y) is input pixel (a x + b y + c, d x + e y + f), rows [a, b, c, d, e, f].
 * The op has no gradient; pixels need none.
 */
export function transformImages(
  { tf, images }: Pick<AugmentationCall, 'tf' | 'images'>,
  rows: readonly Tensor[],
  fill: Fill,
): Tensor {
  const { shape } = images;
  const none = tf.zeros([shape[0], 2]);
  const transforms = tf.concat([...rows, none], 1);
  return executeOne(
    tf,
    'ImageProjectiveTransformV3',
    [
      attribute.type(tf, 'dtype', 'float32'),
      attribute.string(tf, 'interpolation', fill.interpolation.toUpperCase()),
      attribute.string(tf, 'fill_mode', fill.fill_mode.toUpperCase()),
    ],
    [images, transforms, tf.tensor1d([shape[1], shape[2]], 'int32'), tf.scalar(fill.fill_value)],
  );
}

export const random_rotation = defineAugmentation({
  className: 'RandomRotation',
  schema: {
    type: 'object',
    description: 'Turns each image about its centre.',
    properties: {
      type: { type: 'string', const: 'random_rotation', description: 'Turns images.' },
      factor: factor('Angle as a share of a full turn'),
      ...fillOptions,
    },
    required: ['type', 'factor'],
    additionalProperties: false,
  },
  apply: (config, call) => {
    const { tf, images } = call;
    const [, height, width] = images.shape;
    const angle = tf.mul(drawFactor(call, config.factor), 2 * Math.PI);
    const [cos, sin] = [tf.cos(angle), tf.sin(angle)];
    const [right, bottom] = [width - 1, height - 1];
    // The centre stays where it is (Keras: get_rotation_matrix).
    const x = tf.div(tf.sub(right, tf.sub(tf.mul(cos, right), tf.mul(sin, bottom))), 2);
    const y = tf.div(tf.sub(bottom, tf.add(tf.mul(sin, right), tf.mul(cos, bottom))), 2);
    return transformImages(call, [cos, tf.neg(sin), x, sin, cos, y], config);
  },
});

export const random_zoom = defineAugmentation({
  className: 'RandomZoom',
  schema: {
    type: 'object',
    description: 'Shrinks (above 0) or enlarges (below 0) each image about its centre.',
    properties: {
      type: { type: 'string', const: 'random_zoom', description: 'Shrinks or enlarges.' },
      height_factor: factor('Change of the height as a share of it'),
      width_factor: {
        description: 'Change of the width as a share of it; null keeps the proportions.',
        default: null,
        anyOf: [{ type: 'null' }, ...factor('').anyOf],
      },
      ...fillOptions,
    },
    required: ['type', 'height_factor'],
    additionalProperties: false,
  },
  apply: (config, call) => {
    const { tf, images } = call;
    const [, height, width] = images.shape;
    const down = tf.add(drawFactor(call, config.height_factor), 1);
    const across =
      config.width_factor === null ? down : tf.add(drawFactor(call, config.width_factor), 1);
    const x = tf.mul(tf.sub(1, across), (width - 1) / 2);
    const y = tf.mul(tf.sub(1, down), (height - 1) / 2);
    const none = tf.zerosLike(down);
    return transformImages(call, [across, none, x, none, down, y], config);
  },
});

export const random_translation = defineAugmentation({
  className: 'RandomTranslation',
  schema: {
    type: 'object',
    description: 'Moves each image down or up, right or left.',
    properties: {
      type: { type: 'string', const: 'random_translation', description: 'Moves images.' },
      height_factor: factor('Way down as a share of the height'),
      width_factor: factor('Way to the right as a share of the width'),
      ...fillOptions,
    },
    required: ['type', 'height_factor', 'width_factor'],
    additionalProperties: false,
  },
  apply: (config, call) => {
    const { tf, images } = call;
    const [, height, width] = images.shape;
    const y = tf.mul(drawFactor(call, config.height_factor), -height);
    const x = tf.mul(drawFactor(call, config.width_factor), -width);
    const [one, none] = [tf.onesLike(x), tf.zerosLike(x)];
    return transformImages(call, [one, none, x, none, one, y], config);
  },
});
