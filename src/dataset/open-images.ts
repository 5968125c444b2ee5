/**
 * Reads images by position from a dataset's file of pixels. Nothing is held in memory: the page
 * cache is, and all fold processes share it. A read costs a few microseconds per image.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ExperimentError } from '../errors.ts';
import type { ImageFile, ImageShape } from './dataset.ts';

export type ImageReader = {
  readonly shape: ImageShape;
  /**
   * uint8 [indices, height, width, channels] in the order of `indices`, in `into` (from its start;
   * it must be large enough) or in a new array.
   */
  read(indices: Uint32Array | readonly number[], into?: Uint8Array): Uint8Array;
  close(): void;
};

/** Opens a dataset's pixels. Throws DATA_INVALID when the file has not the size that it must have. */
export function openImages({ path, samples, ...shape }: ImageFile): ImageReader {
  const file = openSync(path, 'r');
  const bytes = shape.height * shape.width * shape.channels;
  const size = fstatSync(file).size;
  if (size !== samples * bytes) {
    closeSync(file);
    const message = `${path}: ${size} bytes instead of ${samples * bytes}`;
    throw new ExperimentError('DATA_INVALID', message, 'Run again: the image cache is rebuilt.');
  }
  return {
    shape: { height: shape.height, width: shape.width, channels: shape.channels },
    read(indices, into = new Uint8Array(indices.length * bytes)) {
      for (let start = 0; start < indices.length; ) {
        const run = runLength(indices, start);
        const first = indices[start] ?? 0;
        if (first + run > samples)
          throw new RangeError(`no sample ${first + run - 1} of ${samples}`);
        readFully(file, into, start * bytes, run * bytes, first * bytes);
        start += run;
      }
      return into.subarray(0, indices.length * bytes);
    },
    close: () => closeSync(file),
  };
}

/** How many indices from `start` on follow each other: they are one read. */
function runLength(indices: Uint32Array | readonly number[], start: number): number {
  const first = indices[start] ?? 0;
  let run = 1;
  while (start + run < indices.length && indices[start + run] === first + run) run++;
  return run;
}

function readFully(file: number, into: Uint8Array, at: number, length: number, from: number): void {
  for (let done = 0; done < length; ) {
    const count = readSync(file, into, at + done, length - done, from + done);
    if (count === 0) throw new Error('the file of pixels became shorter while it was read');
    done += count;
  }
}
