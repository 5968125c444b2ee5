/**
 * A dataset from its config: read once, prepared, hashed and kept in a cache directory that the
 * identity of the files and of everything that shapes the pixels names.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ExperimentError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import { DatasetWriter, type WrittenDataset } from './dataset-writer.ts';
import { missingFiles } from './describe.ts';
import { fileErrorCode } from './file-error.ts';
import { cacheVersion, datasetIn, readCachedDataset, writeCachedDataset } from './image-cache.ts';
import { stepOf } from './preprocessing/index.ts';
import type { DatasetConfig } from './schema.ts';
import { shownPath } from './sources/define.ts';
import { sourceOf } from './sources/index.ts';

export type LoadOptions = {
  /** Of the experiment, for sources that make their samples. */
  readonly seed: number;
  readonly cacheDirectory: string;
  /** At most ten times a second while files are read; `done` of `total` in any unit. */
  readonly onProgress?: ((done: number, total: number, what: string) => void) | undefined;
};

/**
 * Loads the dataset, from the cache where it has been read before.
 * Throws DATA_MISSING, DATA_INVALID (with file and line) or DISK.
 */
export const loadDataset = (config: DatasetConfig, options: LoadOptions): Promise<Dataset> =>
  load(config, options, undefined);

/**
 * Loads `dataset.unseen[name]` in the form of the dataset that a model was trained on: same size,
 * channels and preprocessing, labels mapped onto its classes by name. Samples of other classes are
 * left out with a note, and classes may be empty.
 */
export function loadUnseen(
  config: DatasetConfig,
  name: string,
  dataset: Pick<Dataset, 'classes' | 'decoded'>,
  options: LoadOptions,
): Promise<Dataset> {
  const source = config.unseen?.[name];
  if (source === undefined) throw new ExperimentError('USAGE', `no unseen data "${name}"`);
  const { height, width, channels } = dataset.decoded;
  const image = { size: [height, width], channels: channels === 3 ? 'rgb' : 'grayscale' } as const;
  const { preprocessing, near_duplicates } = config;
  const unseen = { source, image, preprocessing, duplicates: 'keep', near_duplicates } as const;
  return load(unseen, options, dataset.classes);
}

async function load(
  config: DatasetConfig,
  options: LoadOptions,
  fixedClasses: readonly string[] | undefined,
): Promise<Dataset> {
  const [missing] = missingFiles({ source: config.source });
  if (missing) throw new ExperimentError('DATA_MISSING', missing.message, missing.hint);
  const identity = filesIdentity(config);
  const key = cacheKey(config, identity, options.seed, fixedClasses);
  const parent = join(options.cacheDirectory, 'datasets');
  const directory = join(parent, key);
  const cached = readCachedDataset(directory);
  if (cached) return cached;
  const building = `${directory}.building-${randomUUID()}`;
  try {
    mkdirSync(building, { recursive: true });
    removeAbandoned(parent);
    const written = await build(config, options, fixedClasses, building);
    if (filesIdentity(config) !== identity) {
      const message = `${sourceName(config)} changed while it was read`;
      throw new ExperimentError('DATA_INVALID', message, 'Run again when it is complete.');
    }
    return moveInPlace(building, directory, written);
  } catch (error) {
    throw asKnownError(error, config, options.cacheDirectory);
  } finally {
    if (existsSync(building)) rmSync(building, { recursive: true, force: true });
  }
}

async function build(
  config: DatasetConfig,
  options: LoadOptions,
  fixedClasses: readonly string[] | undefined,
  directory: string,
): Promise<WrittenDataset> {
  const source = sourceOf(config.source);
  const writer = new DatasetWriter({
    config,
    directory,
    sourceName: sourceName(config),
    synthetic: source.synthetic ?? false,
    sourceClasses: source.describe(config.source).classes,
    fixedClasses,
  });
  try {
    await source.read(config.source, {
      seed: options.seed,
      wants: (label, part) => writer.labels.wants(label, part),
      add: (sample) => writer.add(sample),
      setClasses: (names) => writer.labels.setClasses(names),
      note: (text) => writer.note(text),
      progress: tenTimesASecond(options.onProgress),
    });
    const written = writer.finish();
    writeCachedDataset(directory, written);
    return written;
  } finally {
    writer.close();
  }
}

/** Renames the finished directory to its place. Another process may have been faster. */
function moveInPlace(building: string, directory: string, written: WrittenDataset): Dataset {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      renameSync(building, directory);
      return datasetIn(directory, written);
    } catch (error) {
      const code = fileErrorCode(error);
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
    const dataset = readCachedDataset(directory);
    if (dataset) return dataset;
    // A damaged one stands in the way: aside with it, whole, so that nobody sees half of it.
    const aside = `${directory}.damaged-${randomUUID()}`;
    renameSync(directory, aside);
    rmSync(aside, { recursive: true, force: true });
  }
  throw new ExperimentError('DISK', `${directory}: a damaged cache keeps coming back`, otherCache);
}

/** What a killed process left behind a day ago or earlier. */
function removeAbandoned(parent: string): void {
  const day = 24 * 3600 * 1000;
  for (const name of readdirSync(parent)) {
    if (!/\.(building|damaged)-/.test(name)) continue;
    const path = join(parent, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > day) rmSync(path, { recursive: true, force: true });
  }
}

/** Path, size, modification time and inode of every file of the source, as one hash. */
function filesIdentity({ source }: DatasetConfig): string {
  const { files, describe } = sourceOf(source);
  const digest = createHash('sha256');
  for (const path of files?.(source) ?? describe(source).paths) {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
    digest.update(JSON.stringify([path, `${stats?.size} ${stats?.mtimeNs} ${stats?.ino}`]));
  }
  return digest.digest('hex');
}

/** Pixel steps are not part of it: they are never applied to what is stored. */
function cacheKey(
  config: DatasetConfig,
  identity: string,
  seed: number,
  fixedClasses: readonly string[] | undefined,
): string {
  const { source, image, parts, classes, preprocessing = [], groups, limit } = config;
  const steps = preprocessing.filter((options) => stepOf(options).kind !== 'pixel');
  const makesSamples = sourceOf(source).describe(source).paths.length === 0;
  const shaping = { source, image, parts, classes, steps, groups, limit, fixedClasses, identity };
  const text = JSON.stringify({
    ...shaping,
    version: cacheVersion,
    seed: makesSamples ? seed : undefined,
    drop: config.duplicates === 'drop',
    near: config.near_duplicates !== 'keep',
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const sourceName = ({ source }: DatasetConfig): string => {
  const [path] = sourceOf(source).describe(source).paths;
  return path === undefined ? source.type : shownPath(path);
};

function tenTimesASecond(onProgress: LoadOptions['onProgress']) {
  let next = 0;
  return (done: number, total: number, what: string): void => {
    const now = performance.now();
    if (!onProgress || (now < next && done < total)) return;
    next = now + 100;
    onProgress(done, total, what);
  };
}

/** Failures of the file system that a user can mend. */
function asKnownError(error: unknown, config: DatasetConfig, cacheDirectory: string): unknown {
  const code = fileErrorCode(error);
  if (code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `no space left for the image cache in ${cacheDirectory}`;
    return new ExperimentError('DISK', message, otherCache);
  }
  if (!['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR'].includes(code)) return error;
  const path = String(Object(error).path ?? '');
  return path.startsWith(cacheDirectory)
    ? new ExperimentError('DISK', `cannot write the image cache: ${path} (${code})`, otherCache)
    : new ExperimentError('DATA_INVALID', `${path || sourceName(config)} cannot be read (${code})`);
}

const otherCache = 'XDG_CACHE_HOME names another place for it.';
