/** Image files to pictures: gray files have one channel, all others three; alpha is left out. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { decodeBitmap } from './bitmap.ts';
import type { Picture } from './picture.ts';

const bitmapExtension = '.bmp';
const imageExtensions = ['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.webp', bitmapExtension];

/** Whether a file's name says that it is an image of a kind that we read. */
export const isImageName = (name: string): boolean =>
  imageExtensions.includes(extname(name).toLowerCase());

/**
 * Decodes JPEG, PNG, TIFF, WebP (through sharp) and uncompressed BMP; 16 bits become 8. Throws an
 * Error that says what is wrong with the file, also when it breaks off.
 */
export async function decodeImage(path: string): Promise<Picture> {
  const file = await readFile(path);
  if (extname(path).toLowerCase() === bitmapExtension) return decodeBitmap(file);
  // Loaded here, so that what decodes nothing does not wait for it.
  const { default: sharp } = await import('sharp');
  const image = sharp(file, { failOn: 'warning' });
  const { space } = await image.metadata();
  const isGray = space === 'b-w' || space === 'grey16';
  const { data, info } = await image
    .removeAlpha()
    .toColourspace(isGray ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { height, width, channels } = info;
  return {
    height,
    width,
    channels,
    pixels: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}
