import { toGrayscale } from '../picture.ts';
import { definePictureStep } from './define.ts';

export const grayscale = definePictureStep({
  schema: {
    type: 'object',
    description: 'Colour to one gray channel, with the weights of tf.image.rgb_to_grayscale.',
    properties: {
      type: { type: 'string', const: 'grayscale', description: 'Colour to gray.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_, input) => ({ ...input, channels: 1 }),
  apply: (_, picture) => toGrayscale(picture),
});
