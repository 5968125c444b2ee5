/** Image layers without weights: resizing, rescaling, center_crop. */
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { defineLayer, ShapeError } from './define.ts';
import { resizeImages } from './gradients.ts';
import { shapeText, spatialInput } from './sizes.ts';

const pixels = (description: string) => ({ type: 'integer', minimum: 1, description }) as const;

export const resizing = defineLayer({
  className: 'Resizing',
  schema: {
    type: 'object',
    description: 'Images in another size.',
    properties: {
      type: { type: 'string', const: 'resizing', description: 'Another size.' },
      height: pixels('New height.'),
      width: pixels('New width.'),
      interpolation: {
        type: 'string',
        enum: ['bilinear', 'nearest'],
        default: 'bilinear',
        description: 'How values between pixels are found.',
      },
    },
    required: ['type', 'height', 'width'],
    additionalProperties: false,
  },
  shape: ({ height, width }, inputs) => [height, width, spatialInput(inputs, 2).channels],
  call: ({ height, width, interpolation }, { tf, x }) =>
    // `shape` checked the rank.
    resizeImages(tf, x as Tensor4D, [height, width], interpolation),
});

const perChannel = (value: number, description: string) =>
  ({
    description,
    default: value,
    anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' }, minItems: 1 }],
  }) as const;

export const rescaling = defineLayer({
  className: 'Rescaling',
  schema: {
    type: 'object',
    description: 'Multiplies and shifts all values: x · scale + offset.',
    properties: {
      type: { type: 'string', const: 'rescaling', description: 'x · scale + offset.' },
      scale: {
        description: 'Factor, or one for each channel.',
        anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' }, minItems: 1 }],
      },
      offset: perChannel(0, 'What is added, or one for each channel.'),
    },
    required: ['type', 'scale'],
    additionalProperties: false,
  },
  shape: ({ scale, offset }, [input = []]) => {
    for (const value of [scale, offset]) {
      if (typeof value !== 'number' && value.length !== input.at(-1)) {
        throw new ShapeError(`has ${value.length} factors, but its input is ${shapeText(input)}`);
      }
    }
    return input;
  },
  call: ({ scale, offset }, { tf, x }) => {
    const factor = typeof scale === 'number' ? scale : tf.tensor1d([...scale]);
    const shift = typeof offset === 'number' ? offset : tf.tensor1d([...offset]);
    return tf.add(tf.mul(x, factor), shift);
  },
});

export const center_crop = defineLayer({
  className: 'CenterCrop',
  schema: {
    type: 'object',
    description: 'The middle of each image.',
    properties: {
      type: { type: 'string', const: 'center_crop', description: 'The middle of each image.' },
      height: pixels('Height of the crop.'),
      width: pixels('Width of the crop.'),
    },
    required: ['type', 'height', 'width'],
    additionalProperties: false,
  },
  shape: ({ height, width }, inputs) => {
    const { shape, channels } = spatialInput(inputs, 2);
    if (height > (shape[0] ?? height) || width > (shape[1] ?? width)) {
      throw new ShapeError(`cuts ${height}×${width} out of ${shapeText(shape)}, which is smaller`);
    }
    return [height, width, channels];
  },
  call: ({ height, width }, { tf, x }) => {
    const [batch = 0, fullHeight = 0, fullWidth = 0, channels = 0] = x.shape;
    const begin = [
      0,
      Math.floor((fullHeight - height) / 2),
      Math.floor((fullWidth - width) / 2),
      0,
    ];
    return tf.slice(x, begin, [batch, height, width, channels]);
  },
});
