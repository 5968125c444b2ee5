/** Uncompressed Windows bitmaps (BMP), which sharp does not read: 8 bits with palette, 24 and 32. */
import type { Picture } from './picture.ts';

/**
 * Decodes a BMP; a palette of grays gives one channel, anything else RGB (alpha is left out).
 * Throws an Error that says what is wrong with the file.
 */
export function decodeBitmap(file: Buffer): Picture {
  if (file.length < 54 || file.toString('latin1', 0, 2) !== 'BM') throw new Error('no BMP header');
  const width = file.readInt32LE(18);
  const rows = file.readInt32LE(22);
  const bits = file.readUInt16LE(28);
  const compression = file.readUInt32LE(30);
  const height = Math.abs(rows);
  // 3 is "bit fields", which for 32 bits means the usual order in all but name.
  if (compression !== 0 && !(compression === 3 && bits === 32)) throw new Error('compressed BMP');
  if (![8, 24, 32].includes(bits)) throw new Error(`BMP with ${bits} bits per pixel`);
  const start = file.readUInt32LE(10);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (width < 1 || height < 1 || file.length < start + stride * height) {
    throw new Error('truncated BMP');
  }
  const rowOf = (y: number) => start + stride * (rows > 0 ? height - 1 - y : y);
  return bits === 8
    ? indexed(file, { width, height }, rowOf)
    : direct(file, { width, height }, bits / 8, rowOf);
}

type Size = { readonly width: number; readonly height: number };

function direct(file: Buffer, size: Size, bytes: number, rowOf: (y: number) => number): Picture {
  const { width, height } = size;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0, target = 0; y < height; y++) {
    for (let x = 0, at = rowOf(y); x < width; x++, at += bytes, target += 3) {
      pixels[target] = file[at + 2] ?? 0;
      pixels[target + 1] = file[at + 1] ?? 0;
      pixels[target + 2] = file[at] ?? 0;
    }
  }
  return { width, height, channels: 3, pixels };
}

function indexed(file: Buffer, size: Size, rowOf: (y: number) => number): Picture {
  const { width, height } = size;
  const entries = file.readUInt32LE(46) || 256;
  const first = 14 + file.readUInt32LE(14);
  const palette = file.subarray(first, first + entries * 4);
  if (palette.length < entries * 4) throw new Error('truncated BMP');
  const isGray = Array.from({ length: entries }, (_, entry) => entry * 4).every(
    (at) => palette[at] === palette[at + 1] && palette[at] === palette[at + 2],
  );
  const channels = isGray ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0, target = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const entry = (file[rowOf(y) + x] ?? 0) * 4;
      for (let channel = 0; channel < channels; channel++) {
        pixels[target++] = palette[entry + 2 - channel] ?? 0;
      }
    }
  }
  return { width, height, channels, pixels };
}
