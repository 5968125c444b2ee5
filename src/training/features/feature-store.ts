/**
 * Features of a dataset on disk: float32 [samples, length] in blocks of consecutive samples, one
 * file each with a CRC-32 at its end. A block is whole or not there, so several processes can fill
 * one store together without a lock, a killed one loses the block it was at, and what is damaged
 * is made again. Nothing is held in memory: reads go by position.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Samples of one block. */
export const blockSamples = 128;

const checksumBytes = 4;
const floatBytes = Float32Array.BYTES_PER_ELEMENT;

export type FeatureStore = {
  /** Blocks that are missing or damaged, in order. */
  missing(): readonly number[];
  /** Samples of a block: from, and how many. */
  range(block: number): { readonly first: number; readonly count: number };
  write(block: number, values: Float32Array): void;
  /** float32 [indices, length]. Throws where a block is missing. */
  read(indices: Uint32Array): Float32Array;
  close(): void;
};

/** Opens the store in a directory, which is made where it is not there. */
export function openFeatureStore(
  directory: string,
  { samples, length }: { readonly samples: number; readonly length: number },
): FeatureStore {
  const rowBytes = length * floatBytes;
  const files = new Map<number, number>();
  const pathOf = (block: number) => join(directory, `${String(block).padStart(6, '0')}.f32`);
  const range = (block: number) => {
    const first = block * blockSamples;
    return { first, count: Math.min(blockSamples, samples - first) };
  };
  const isThere = (block: number): boolean => {
    if (files.has(block)) return true;
    const file = openBlock(pathOf(block), range(block).count * rowBytes);
    if (file !== undefined) files.set(block, file);
    return file !== undefined;
  };
  markUsed(directory);
  return {
    range,
    missing: () =>
      Array.from({ length: Math.ceil(samples / blockSamples) }, (_, block) => block).filter(
        (block) => !isThere(block),
      ),
    write(block, values) {
      if (values.length !== range(block).count * length) throw new RangeError('not one block');
      markUsed(directory); // it may have been cleared in between
      writeBlock(pathOf(block), values);
    },
    read(indices) {
      const values = new Float32Array(indices.length * length);
      const bytes = new Uint8Array(values.buffer);
      indices.forEach((sample, row) => {
        const block = Math.floor(sample / blockSamples);
        const file = isThere(block) ? files.get(block) : undefined;
        if (file === undefined) throw new Error(`no features of sample ${sample}`);
        const position = (sample - block * blockSamples) * rowBytes;
        readFully(file, bytes.subarray(row * rowBytes, (row + 1) * rowBytes), position);
      });
      return values;
    },
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}

/** The time of the last use is that of the directory. */
function markUsed(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const now = new Date();
  utimesSync(directory, now, now);
}

function writeBlock(path: string, values: Float32Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32LE(crc32(bytes));
  const temporary = `${path}.${process.pid}-${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, bytes);
    const file = openSync(temporary, 'a');
    writeSync(file, checksum);
    closeSync(file);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The open file, or undefined; one that does not check out is removed. */
function openBlock(path: string, dataBytes: number): number | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (isSound(file, dataBytes)) return file;
  closeSync(file);
  rmSync(path, { force: true });
  return undefined;
}

function isSound(file: number, dataBytes: number): boolean {
  if (fstatSync(file).size !== dataBytes + checksumBytes) return false;
  const bytes = Buffer.allocUnsafe(dataBytes + checksumBytes);
  readFully(file, bytes, 0);
  return crc32(bytes.subarray(0, dataBytes)) === bytes.readUInt32LE(dataBytes);
}

function readFully(file: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0) throw new Error('a file of features became shorter while it was read');
    done += count;
  }
}
