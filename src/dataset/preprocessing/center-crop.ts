import { heightAndWidth, type Picture, sizeSchema } from '../picture.ts';
import { definePictureStep } from './define.ts';

/** `keras.layers.CenterCrop`, but for images that are too small, which it would enlarge. */
export const centerCrop = definePictureStep({
  schema: {
    type: 'object',
    description: 'Cuts out the middle, as Keras CenterCrop.',
    properties: {
      type: { type: 'string', const: 'center_crop', description: 'Cut out the middle.' },
      size: { ...sizeSchema, description: 'Height and width, or one number for a square.' },
    },
    required: ['type', 'size'],
    additionalProperties: false,
  },
  shape({ size }, input) {
    const { height, width } = heightAndWidth(size);
    return height <= input.height && width <= input.width
      ? { height, width, channels: input.channels }
      : `cannot cut ${height}×${width} out of ${input.height}×${input.width}`;
  },
  apply({ size }, picture) {
    const { height, width } = heightAndWidth(size);
    return crop(picture, height, width);
  },
});

function crop(picture: Picture, height: number, width: number): Picture {
  const { channels } = picture;
  const top = Math.floor((picture.height - height) / 2);
  const left = Math.floor((picture.width - width) / 2);
  const pixels = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * picture.width + left) * channels;
    pixels.set(picture.pixels.subarray(start, start + width * channels), y * width * channels);
  }
  return { height, width, channels, pixels };
}
