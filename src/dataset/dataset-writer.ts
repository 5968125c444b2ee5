/**
 * Takes samples from a source one by one: decides which take part, prepares and hashes their
 * pictures, writes the pixels, and in the end knows everything about the dataset but its place.
 */
import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ExperimentError } from '../errors.ts';
import { arrangeClasses, classProblems, sortedLabels, targetClass } from './classes.ts';
import type { Dataset, ImageShape } from './dataset.ts';
import { partNames } from './dataset.ts';
import { differenceHash } from './difference-hash.ts';
import { findDuplicates } from './duplicates.ts';
import type { Picture } from './picture.ts';
import { fitPicture, preprocessPicture } from './prepare-picture.ts';
import { sameClass } from './preprocessing/define.ts';
import type { DatasetConfig } from './schema.ts';
import type { SourceSample } from './sources/define.ts';

/** The name of the file of pixels in a dataset's directory. */
export const imagesName = 'images.u8';

const BUFFER_BYTES = 1 << 22;

export type WriterOptions = {
  readonly config: DatasetConfig;
  readonly directory: string;
  /** Where the samples come from, for messages. */
  readonly sourceName: string;
  readonly synthetic: boolean;
  /** Classes of the source, where it knows them before reading. */
  readonly sourceClasses: readonly string[] | undefined;
  /** For unseen data: classes that labels are mapped onto by name; others are left out. */
  readonly fixedClasses: readonly string[] | undefined;
};

/** One class of the source, as its samples come in. */
type Label = { readonly name: string; readonly target: Target | undefined };
type Target = { readonly name: string; readonly id: number; count: number };

export class DatasetWriter {
  readonly #options: WriterOptions;
  readonly #file: number;
  #sourceClasses: readonly string[] | undefined;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #buffered = 0;
  #checksum = 0;
  readonly #labels = new Map<string, Label>();
  readonly #targets: Target[] = [];
  readonly #targetIds: number[] = [];
  readonly #parts: number[] = [];
  readonly #groups: number[] = [];
  readonly #groupIds = new Map<string, number>();
  readonly #groupPattern: RegExp | undefined;
  readonly #origins: string[] = [];
  readonly #content: string[] = [];
  readonly #difference: number[] = [];
  readonly #constant: number[] = [];
  readonly #seen = new Set<string>();
  readonly #notes: string[] = [];
  readonly #strangers = new Map<string, number>();
  #dropped = 0;
  #closed = false;
  #decoded: ImageShape | undefined;
  #stored: ImageShape | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#sourceClasses = options.sourceClasses;
    this.#file = openSync(join(options.directory, imagesName), 'w');
    const pattern = options.config.groups?.pattern;
    this.#groupPattern = pattern === undefined ? undefined : new RegExp(pattern);
  }

  /** Whether a sample takes part as things stand. Once refused, it must not be offered again. */
  wants(label: string, part: number | undefined): boolean {
    const { parts, limit } = this.#options.config;
    if (parts && (part === undefined || !parts.includes(partNames[part] ?? 'train'))) return false;
    const { target } = this.#labelOf(label);
    if (target === undefined) this.#countStranger(label);
    return target !== undefined && (limit === undefined || target.count < limit);
  }

  add(sample: SourceSample): void {
    if (!this.wants(sample.label, sample.part)) return;
    const fitted = fitPicture(this.#options.config, sample.picture);
    this.#checkShape(fitted, sample.origin);
    const picture = preprocessPicture(this.#options.config, fitted);
    this.#stored ??= shapeOf(picture);
    const content = hash('sha256', picture.pixels, 'base64');
    if (this.#options.config.duplicates === 'drop') {
      if (this.#seen.has(content)) {
        this.#dropped++;
        return;
      }
      this.#seen.add(content);
    }
    this.#record(sample, picture, content);
  }

  /** Classes of the source in label order; names that differ in capitals only are one. */
  setClasses(names: readonly string[]): void {
    this.#sourceClasses = names.filter(
      (name, index) => names.findIndex((other) => sameClass(other, name)) === index,
    );
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** Writes what is left and describes the dataset. Throws DATA_INVALID, such as for empty classes. */
  finish(): Omit<Dataset, 'images'> & { images: ImageShape; checksum: number } {
    this.#flush();
    this.close();
    const { config, fixedClasses, sourceName, synthetic } = this.#options;
    const classes = fixedClasses ?? this.#arrangedClasses();
    const order = this.#targets.map(({ name }) => classes.findIndex((one) => sameClass(one, name)));
    const labels = Int32Array.from(this.#targetIds, (id) => order[id] ?? 0);
    const stored = this.#stored;
    const decoded = this.#decoded;
    if (stored === undefined || decoded === undefined) {
      throw new ExperimentError('DATA_INVALID', `${sourceName}: no samples`, this.#partsHint());
    }
    if (fixedClasses === undefined) this.#checkClassesFilled(classes, labels);
    this.#noteStrangers();
    const difference = config.near_duplicates === 'keep' ? undefined : this.#difference;
    const { oversized, ...found } = findDuplicates(
      {
        content: this.#content,
        difference: difference && Uint32Array.from(difference),
        constant: Uint8Array.from(this.#constant),
      },
      labels,
    );
    if (oversized > 0) {
      this.note(`${oversized} clusters of more than 20 similar pictures are taken for look-alikes`);
    }
    const hasGroups = this.#groupIds.size > 0;
    return {
      classes,
      labels,
      images: stored,
      checksum: this.#checksum,
      decoded,
      parts: this.#parts.length > 0 ? Uint8Array.from(this.#parts) : undefined,
      groups: hasGroups ? Int32Array.from(this.#groups) : undefined,
      groupNames: hasGroups ? [...this.#groupIds.keys()] : undefined,
      origins: this.#origins,
      fingerprint: fingerprint(stored, classes, labels, this.#content),
      duplicates: { ...found, dropped: this.#dropped },
      synthetic,
      notes: this.#notes,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }

  #labelOf(text: string): Label {
    const key = text.toLowerCase();
    const known = this.#labels.get(key);
    if (known) return known;
    const label = { name: text, target: this.#targetOf(text) };
    this.#labels.set(key, label);
    return label;
  }

  #targetOf(name: string): Target | undefined {
    const { config, fixedClasses } = this.#options;
    const target = targetClass(config, name);
    if (target === undefined) return undefined;
    if (fixedClasses && !fixedClasses.some((fixed) => sameClass(fixed, target))) return undefined;
    const known = this.#targets.find((one) => sameClass(one.name, target));
    if (known) return known;
    const fresh = { name: target, id: this.#targets.length, count: 0 };
    this.#targets.push(fresh);
    return fresh;
  }

  /** Unseen data may have classes that the model does not know: counted, not predicted. */
  #countStranger(label: string): void {
    if (!this.#options.fixedClasses) return;
    this.#strangers.set(label, (this.#strangers.get(label) ?? 0) + 1);
  }

  #noteStrangers(): void {
    for (const [label, count] of this.#strangers) {
      this.note(`${count} samples of "${label}" are left out: not a class of the experiment`);
    }
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
    const { target } = this.#labelOf(sample.label);
    if (target === undefined) throw new Error(`sample of an unwanted class ${sample.label}`);
    target.count++;
    this.#targetIds.push(target.id);
    this.#origins.push(sample.origin);
    if (sample.part !== undefined) this.#parts.push(sample.part);
    const group = this.#groupOf(sample);
    if (group !== undefined) this.#groups.push(this.#groupId(group));
    this.#checkComplete(sample.origin);
    this.#content.push(content);
    if (this.#options.config.near_duplicates !== 'keep') {
      const halves = differenceHash(picture);
      this.#difference.push(...(halves ?? [0, 0]));
      this.#constant.push(halves ? 0 : 1);
    }
    this.#write(picture.pixels);
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
    for (const [what, count] of [
      ['part', this.#parts.length],
      ['group', this.#groups.length],
    ] as const) {
      if (count === 0 || count === this.#origins.length) continue;
      throw new ExperimentError(
        'DATA_INVALID',
        `${this.#place(origin)}: some samples have a ${what}, some none`,
      );
    }
  }

  #write(pixels: Uint8Array): void {
    if (this.#buffered + pixels.length > this.#buffer.length) this.#flush();
    if (pixels.length > this.#buffer.length) {
      this.#writeOut(pixels);
      return;
    }
    this.#buffer.set(pixels, this.#buffered);
    this.#buffered += pixels.length;
  }

  #flush(): void {
    this.#writeOut(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #writeOut(bytes: Uint8Array): void {
    this.#checksum = crc32(bytes, this.#checksum);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
  }

  #arrangedClasses(): readonly string[] {
    const { config, sourceName } = this.#options;
    const found =
      this.#sourceClasses ?? sortedLabels([...this.#labels.values()].map(({ name }) => name));
    const [problem] = classProblems(config, found);
    if (problem && found.length > 0) {
      const where = problem.path.length > 0 ? `dataset.${problem.path.join('.')}: ` : '';
      const message = `${where}${problem.message} (${sourceName})`;
      throw new ExperimentError('DATA_INVALID', message, problem.hint);
    }
    return arrangeClasses(config, found);
  }

  #checkClassesFilled(classes: readonly string[], labels: Int32Array): void {
    const filled = new Set(labels);
    const empty = classes.filter((_, index) => !filled.has(index));
    if (empty.length === 0) return;
    throw new ExperimentError(
      'DATA_INVALID',
      `${this.#options.sourceName}: no samples of ${empty.map((name) => `"${name}"`).join(', ')}`,
      this.#partsHint() ?? 'dataset.classes says which classes take part.',
    );
  }

  /** A sample's origin with the folder that it is in. */
  #place(origin: string): string {
    const { sourceName } = this.#options;
    return origin.startsWith(`${basename(sourceName)}:`)
      ? join(dirname(sourceName), origin)
      : join(sourceName, origin);
  }

  #partsHint(): string | undefined {
    const { parts } = this.#options.config;
    return parts && `Only samples of dataset.parts (${parts.join(', ')}) were taken.`;
  }
}

const shapeOf = ({ height, width, channels }: Picture): ImageShape => ({ height, width, channels });

/** SHA-256 over shape, classes, labels and, in order, the SHA-256 of each picture's pixels. */
function fingerprint(
  shape: ImageShape,
  classes: readonly string[],
  labels: Int32Array,
  content: readonly string[],
): string {
  const digest = createHash('sha256');
  digest.update(JSON.stringify([shape.height, shape.width, shape.channels, classes]));
  digest.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  for (const picture of content) digest.update(picture);
  return digest.digest('hex');
}
