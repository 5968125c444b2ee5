/**
 * Takes samples from a source one by one: decides which take part, prepares and hashes their
 * pictures, writes the pixels, and in the end knows everything about the dataset but its place.
 */
import { createHash, hash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { ExperimentError } from '../errors.ts';
import type { Dataset, ImageShape } from './dataset.ts';
import { differenceHasher } from './difference-hash.ts';
import { findDuplicates } from './duplicates.ts';
import { type LabelOptions, LabelTable } from './label-table.ts';
import type { Picture } from './picture.ts';
import { PixelFile } from './pixel-file.ts';
import { fitPicture, preprocessPicture } from './prepare-picture.ts';
import type { SourceSample } from './sources/define.ts';

/** The name of the file of pixels in a dataset's directory. */
export const imagesName = 'images.u8';

export type WriterOptions = LabelOptions & {
  readonly directory: string;
  readonly synthetic: boolean;
};

/** A dataset that lies in a directory; `checksum` is the CRC-32 of its file of pixels. */
export type WrittenDataset = Omit<Dataset, 'images'> & {
  readonly images: ImageShape;
  readonly checksum: number;
};

export class DatasetWriter {
  readonly labels: LabelTable;
  readonly #options: WriterOptions;
  readonly #file: PixelFile;
  readonly #parts: number[] = [];
  readonly #groups: number[] = [];
  readonly #groupIds = new Map<string, number>();
  readonly #groupPattern: RegExp | undefined;
  readonly #origins: string[] = [];
  readonly #content: string[] = [];
  /** Of the pictures as the source gave them. */
  readonly #given: string[] = [];
  readonly #difference: number[] = [];
  readonly #constant: number[] = [];
  readonly #seen = new Set<string>();
  readonly #notes: string[] = [];
  #dropped = 0;
  #decoded: ImageShape | undefined;
  #stored: ImageShape | undefined;
  #differenceHash: ReturnType<typeof differenceHasher> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.labels = new LabelTable(options);
    this.#file = new PixelFile(join(options.directory, imagesName));
    const pattern = options.config.groups?.pattern;
    this.#groupPattern = pattern === undefined ? undefined : new RegExp(pattern);
  }

  /** Takes a sample in, where it is wanted. Throws DATA_INVALID when it does not fit the others. */
  add(sample: SourceSample): void {
    const { config } = this.#options;
    if (!this.labels.wants(sample.label, sample.part)) return;
    const fitted = fitPicture(config, sample.picture);
    this.#checkShape(fitted, sample.origin);
    const picture = preprocessPicture(config, fitted);
    this.#stored ??= shapeOf(picture);
    const content = hash('sha256', picture.pixels, 'base64');
    if (config.duplicates === 'drop') {
      if (this.#seen.has(content)) {
        this.#dropped++;
        return;
      }
      this.#seen.add(content);
    }
    const isGiven = picture.pixels === sample.picture.pixels;
    this.#given.push(isGiven ? content : hash('sha256', sample.picture.pixels, 'base64'));
    this.#record(sample, picture, content);
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** Writes what is left and describes the dataset. Throws DATA_INVALID, such as for empty classes. */
  finish(): WrittenDataset {
    const checksum = this.#file.finish();
    const { classes, labels, notes } = this.labels.finish();
    const images = this.#stored;
    const decoded = this.#decoded;
    if (images === undefined || decoded === undefined) throw new Error('classes, but no samples');
    const { oversized, ...found } = this.#findDuplicates(labels);
    const lookAlikes = `not counted as nearly identical: ${oversized} group${oversized === 1 ? '' : 's'} of more than 20 pictures that look alike`;
    const hasGroups = this.#groups.length > 0;
    return {
      classes,
      labels,
      images,
      checksum,
      decoded,
      parts: this.#parts.length > 0 ? Uint8Array.from(this.#parts) : undefined,
      groups: hasGroups ? Int32Array.from(this.#groups) : undefined,
      groupNames: hasGroups ? [...this.#groupIds.keys()] : undefined,
      origins: this.#origins,
      fingerprint: fingerprint(images, classes, labels, this.#content),
      sourceFingerprint: fingerprint(null, classes, labels, this.#given),
      duplicates: { ...found, dropped: this.#dropped },
      synthetic: this.#options.synthetic,
      notes: [...this.#notes, ...notes, ...(oversized > 0 ? [lookAlikes] : [])],
    };
  }

  /** Closes the file of pixels, finished or not. */
  close(): void {
    this.#file.close();
  }

  #findDuplicates(labels: Int32Array) {
    const looks = this.#options.config.near_duplicates !== 'keep';
    const hashes = {
      content: this.#content,
      difference: looks ? Uint32Array.from(this.#difference) : undefined,
      constant: Uint8Array.from(this.#constant),
    };
    return findDuplicates(hashes, labels);
  }

  #checkShape(picture: Picture, origin: string): void {
    this.#decoded ??= shapeOf(picture);
    const { height, width, channels } = this.#decoded;
    if (picture.height !== height || picture.width !== width) {
      throw new ExperimentError(
        'DATA_INVALID',
        `${this.#place(origin)}: ${picture.height}×${picture.width} pixels, the images before it have ${height}×${width}`,
        `dataset.image.size: [${height}, ${width}] brings all images to one size.`,
      );
    }
    if (picture.channels === channels) return;
    const color = (count: number) => (count === 3 ? 'coloured' : 'gray');
    throw new ExperimentError(
      'DATA_INVALID',
      `${this.#place(origin)}: ${color(picture.channels)}, the images before it are ${color(channels)}`,
      'dataset.image.channels: grayscale (or rgb) brings all images to one kind.',
    );
  }

  #record(sample: SourceSample, picture: Picture, content: string): void {
    this.labels.take(sample.label);
    this.#origins.push(sample.origin);
    if (sample.part !== undefined) this.#parts.push(sample.part);
    const group = this.#groupOf(sample);
    if (group !== undefined) this.#groups.push(this.#groupId(group));
    this.#checkComplete(sample.origin);
    this.#content.push(content);
    if (this.#options.config.near_duplicates !== 'keep') {
      this.#differenceHash ??= differenceHasher(picture);
      const halves = this.#differenceHash(picture.pixels);
      this.#difference.push(halves?.[0] ?? 0, halves?.[1] ?? 0);
      this.#constant.push(halves ? 0 : 1);
    }
    this.#file.write(picture.pixels);
  }

  #groupOf({ group, origin }: SourceSample): string | undefined {
    if (this.#groupPattern === undefined) return group;
    const match = this.#groupPattern.exec(origin);
    if (match) return match[1] ?? match[0];
    const message = `${this.#place(origin)}: dataset.groups.pattern does not match`;
    throw new ExperimentError('DATA_INVALID', message, `It is ${this.#groupPattern}.`);
  }

  #groupId(group: string): number {
    const known = this.#groupIds.get(group);
    if (known !== undefined) return known;
    this.#groupIds.set(group, this.#groupIds.size);
    return this.#groupIds.size - 1;
  }

  /** All samples have a part or none has, and the same for groups. */
  #checkComplete(origin: string): void {
    const samples = this.#origins.length;
    const isWhole = (count: number) => count === 0 || count === samples;
    if (isWhole(this.#parts.length) && isWhole(this.#groups.length)) return;
    const what = isWhole(this.#parts.length) ? 'group' : 'part';
    const message = `${this.#place(origin)}: some samples have a ${what}, some none`;
    throw new ExperimentError('DATA_INVALID', message);
  }

  /** A sample's origin with the folder that it is in. */
  #place(origin: string): string {
    const { sourceName } = this.#options;
    return origin.startsWith(`${basename(sourceName)}:`)
      ? join(dirname(sourceName), origin)
      : join(sourceName, origin);
  }
}

const shapeOf = ({ height, width, channels }: Picture): ImageShape => ({ height, width, channels });

/** SHA-256 over shape, classes, labels and, in order, the SHA-256 of each picture's pixels. */
function fingerprint(
  shape: ImageShape | null,
  classes: readonly string[],
  labels: Int32Array,
  content: readonly string[],
): string {
  const digest = createHash('sha256');
  const { height, width, channels } = shape ?? {};
  digest.update(JSON.stringify([height, width, channels, classes]));
  digest.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  digest.update(content.join(''));
  return digest.digest('hex');
}
