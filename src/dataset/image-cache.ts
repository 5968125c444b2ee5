/**
 * Datasets as they were read, on disk: `images.u8` (pixels), `samples.bin` (labels, groups, parts,
 * origins) and `dataset.json` (the rest, with checksums of all three). What does not check out is
 * not there: it is built again.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Dataset, ImageShape } from './dataset.ts';
import { imagesName, type WrittenDataset } from './dataset-writer.ts';
import { fileErrorCode } from './file-error.ts';

/** Raise it whenever sources, preprocessing or this format change what is stored. */
export const cacheVersion = 2;

type Body = Omit<Dataset, 'labels' | 'images' | 'parts' | 'groups' | 'origins'> & {
  readonly version: number;
  readonly samples: number;
  readonly image: ImageShape;
  readonly hasParts: boolean;
  readonly hasGroups: boolean;
  readonly imagesChecksum: number;
  readonly samplesChecksum: number;
};

/** Origins are joined by a character that no file name has. */
const SEPARATOR = '\0';

/** Writes everything but the pixels, which are there already. */
export function writeCachedDataset(directory: string, dataset: WrittenDataset): void {
  const { labels, images, checksum, parts, groups, origins, ...rest } = dataset;
  const table = Buffer.concat([
    bytesOf(labels),
    ...(groups ? [bytesOf(groups)] : []),
    ...(parts ? [parts] : []),
    Buffer.from(origins.join(SEPARATOR)),
  ]);
  const body: Body = {
    version: cacheVersion,
    ...rest,
    samples: labels.length,
    image: images,
    hasParts: parts !== undefined,
    hasGroups: groups !== undefined,
    imagesChecksum: checksum,
    samplesChecksum: crc32(table),
  };
  writeFileSync(join(directory, 'samples.bin'), table);
  const text = JSON.stringify(body);
  writeFileSync(join(directory, 'dataset.json'), `${digest(text)}\n${text}`);
}

/** The dataset that has been written into a directory. */
export function datasetIn(directory: string, written: WrittenDataset): Dataset {
  const { checksum: _checksum, images, ...rest } = written;
  const path = join(directory, imagesName);
  return { ...rest, images: { ...images, path, samples: rest.labels.length } };
}

/** The dataset in a directory, or undefined when it is missing, damaged or of another version. */
export function readCachedDataset(directory: string): Dataset | undefined {
  try {
    const body = readBody(directory);
    if (body === undefined) return undefined;
    const table = readFileSync(join(directory, 'samples.bin'));
    if (crc32(table) !== body.samplesChecksum) return undefined;
    const path = join(directory, imagesName);
    const { height, width, channels } = body.image;
    if (statSync(path).size !== body.samples * height * width * channels) return undefined;
    if (fileChecksum(path) !== body.imagesChecksum) return undefined;
    return toDataset(body, table, path);
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

function readBody(directory: string): Body | undefined {
  const text = readFileSync(join(directory, 'dataset.json'), 'utf8');
  const end = text.indexOf('\n');
  const json = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== digest(json)) return undefined;
  // The checksum says that we wrote it.
  const body = JSON.parse(json) as Body;
  return body.version === cacheVersion ? body : undefined;
}

function toDataset(body: Body, table: Buffer, path: string): Dataset {
  const { version, samples, image, hasParts, hasGroups, imagesChecksum, samplesChecksum, ...rest } =
    body;
  let offset = 0;
  const take = (bytes: number) => {
    offset += bytes;
    return table.subarray(offset - bytes, offset);
  };
  // Copies, since typed arrays need aligned offsets.
  const integers = () => new Int32Array(Uint8Array.from(take(samples * 4)).buffer);
  return {
    ...rest,
    labels: integers(),
    images: { ...image, path, samples },
    groups: hasGroups ? integers() : undefined,
    parts: hasParts ? Uint8Array.from(take(samples)) : undefined,
    origins: table.toString('utf8', offset).split(SEPARATOR),
  };
}

function fileChecksum(path: string): number {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 22);
    let checksum = 0;
    for (let count = -1; count !== 0; ) {
      count = readSync(file, buffer);
      checksum = crc32(buffer.subarray(0, count), checksum);
    }
    return checksum;
  } finally {
    closeSync(file);
  }
}

const bytesOf = (values: Int32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
