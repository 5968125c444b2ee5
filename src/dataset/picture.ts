/** One decoded image, uint8, and the conversions that keep it one. */
import type { ImageShape } from './dataset.ts';

/** uint8 pixels [height, width, channels], row-major. */
export type Picture = ImageShape & { readonly pixels: Uint8Array };

/** A size as the YAML has it: one number for a square, or [height, width]. */
export type Size = number | readonly number[];

export const sizeSchema = {
  anyOf: [
    { type: 'integer', description: 'Height and width of a square.', minimum: 1, maximum: 4096 },
    {
      type: 'array',
      description: '[height, width]',
      items: { type: 'integer', description: 'Pixels.', minimum: 1, maximum: 4096 },
      minItems: 2,
      maxItems: 2,
    },
  ],
} as const;

/** Height and width of a size; the schema has checked that a list has two entries. */
export const heightAndWidth = (size: Size): { height: number; width: number } => {
  const [height = 1, width = height] = typeof size === 'number' ? [size] : size;
  return { height, width };
};

/** A picture whose channels repeat the single one of `picture`. */
export function toRgb(picture: Picture): Picture {
  if (picture.channels === 3) return picture;
  const { pixels } = picture;
  const rgb = new Uint8Array(pixels.length * 3);
  for (let index = 0, target = 0; index < pixels.length; index++, target += 3) {
    rgb.fill(pixels[index] ?? 0, target, target + 3);
  }
  return { ...picture, channels: 3, pixels: rgb };
}

/**
 * Luma of a colour picture with the weights of `tf.image.rgb_to_grayscale` (ITU-R BT.601:
 * 0.2989, 0.587, 0.114), rounded to the nearest integer.
 */
export function toGrayscale(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { pixels } = picture;
  const gray = new Uint8Array(pixels.length / 3);
  for (let index = 0, source = 0; index < gray.length; index++, source += 3) {
    const [red = 0, green = 0, blue = 0] = [pixels[source], pixels[source + 1], pixels[source + 2]];
    gray[index] = Math.min(255, Math.round(0.2989 * red + 0.587 * green + 0.114 * blue));
  }
  return { ...picture, channels: 1, pixels: gray };
}
