/**
 * The 64-bit difference hash (N. Krawetz, "Kind of Like That", 2013): the picture's luma averaged
 * into 8 rows of 9 cells; each bit says whether a cell is brighter than the one to its right.
 */
import type { Picture } from './picture.ts';

const ROWS = 8;
const COLUMNS = 9;

/** Two 32-bit halves; undefined for a picture of one value, which looks like any other such. */
export function differenceHash(picture: Picture): readonly [number, number] | undefined {
  if (isConstant(picture.pixels)) return undefined;
  const cells = cellMeans(picture);
  const halves: [number, number] = [0, 0];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS - 1; column++) {
      const cell = row * COLUMNS + column;
      const brighter = (cells[cell] ?? 0) > (cells[cell + 1] ?? 0) ? 1 : 0;
      const half = row < ROWS / 2 ? 0 : 1;
      halves[half] = ((halves[half] << 1) | brighter) >>> 0;
    }
  }
  return halves;
}

const isConstant = (pixels: Uint8Array): boolean => {
  const first = pixels[0];
  for (let index = 1; index < pixels.length; index++) if (pixels[index] !== first) return false;
  return true;
};

/** Mean of the pixels in each of 8 × 9 cells; every cell has at least one pixel. */
function cellMeans({ height, width, channels, pixels }: Picture): Float64Array {
  const cells = new Float64Array(ROWS * COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    const [top, bottom] = span(row, ROWS, height);
    for (let column = 0; column < COLUMNS; column++) {
      const [left, right] = span(column, COLUMNS, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        const end = (y * width + right) * channels;
        for (let index = (y * width + left) * channels; index < end; index++) {
          sum += pixels[index] ?? 0;
        }
      }
      cells[row * COLUMNS + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return cells;
}

function span(cell: number, cells: number, length: number): readonly [number, number] {
  const start = Math.min(Math.floor((cell * length) / cells), length - 1);
  return [start, Math.max(start + 1, Math.floor(((cell + 1) * length) / cells))];
}

/** Number of bits in which two 32-bit halves differ. */
export function differingBits(one: number, other: number): number {
  let bits = one ^ other;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
