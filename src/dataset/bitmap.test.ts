import { expect, test } from '@jest/globals';
import { decodeBitmap } from './bitmap.ts';

/** A BMP as the format's description has it: file header, BITMAPINFOHEADER, palette, rows. */
function bitmap(bits: number, width: number, rows: number, palette: number[], pixels: number[]) {
  const header = Buffer.alloc(54);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(rows, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(palette.length / 4, 46);
  return Buffer.concat([header, Buffer.from(palette), Buffer.from(pixels)]);
}

test('24 bits: rows from below, blue first, padded to four bytes', () => {
  const file = bitmap(24, 1, 2, [], [1, 2, 3, 0, 4, 5, 6, 0]);
  expect(decodeBitmap(file)).toEqual({
    width: 1,
    height: 2,
    channels: 3,
    pixels: Uint8Array.of(6, 5, 4, 3, 2, 1),
  });
});

test('32 bits, rows from above, without their alpha', () => {
  const { pixels } = decodeBitmap(bitmap(32, 2, -1, [], [1, 2, 3, 255, 4, 5, 6, 0]));
  expect([...pixels]).toEqual([3, 2, 1, 6, 5, 4]);
});

test('a palette of grays gives one channel', () => {
  const palette = [0, 0, 0, 0, 128, 128, 128, 0, 255, 255, 255, 0];
  const { channels, pixels } = decodeBitmap(bitmap(8, 3, 1, palette, [2, 0, 1, 0]));
  expect(channels).toBe(1);
  expect([...pixels]).toEqual([255, 0, 128]);
});

test('a palette of colours gives three', () => {
  const { channels, pixels } = decodeBitmap(bitmap(8, 1, 1, [1, 2, 3, 0], [0, 0, 0, 0]));
  expect(channels).toBe(3);
  expect([...pixels]).toEqual([3, 2, 1]);
});

test.each([
  ['truncated', bitmap(24, 2, 2, [], [1, 2, 3]), 'truncated'],
  ['no bitmap', Buffer.alloc(100), 'no BMP header'],
  ['four bits', bitmap(4, 1, 1, [], [0, 0, 0, 0]), '4 bits'],
])('%s is an error', (_, file, message) => {
  expect(() => decodeBitmap(file)).toThrow(message);
});
