import { heightAndWidth, sizeSchema } from '../picture.ts';
import { resizePicture } from '../resize.ts';
import { definePictureStep } from './define.ts';

export const resize = definePictureStep({
  schema: {
    type: 'object',
    description:
      'Another size, bilinear with antialiasing (tf.image.resize with antialias=True); the aspect ratio may change.',
    properties: {
      type: { type: 'string', const: 'resize', description: 'Another size.' },
      size: { ...sizeSchema, description: 'Height and width, or one number for a square.' },
    },
    required: ['type', 'size'],
    additionalProperties: false,
  },
  shape: ({ size }, { channels }) => ({ ...heightAndWidth(size), channels }),
  apply({ size }, picture) {
    const { height, width } = heightAndWidth(size);
    return resizePicture(picture, height, width);
  },
});
