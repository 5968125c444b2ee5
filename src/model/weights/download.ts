/** Fetches Keras's weight files into Keras's own cache, each only once. */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ExperimentError } from '../../errors.ts';
import type { ImagenetFile } from './imagenet.ts';

export type DownloadProgress = (what: string, bytes: number, total: number | undefined) => void;

/** Where Keras keeps them: `~/.keras/models`, or below `KERAS_HOME`. */
export const kerasCache = (): string =>
  join(process.env.KERAS_HOME || join(homedir(), '.keras'), 'models');

/**
 * The file in the cache, downloaded if it is not there, with its hash checked. A file that Keras
 * has no hash of is pinned: its SHA-256 is noted beside it when it is first seen.
 *
 * @throws {ExperimentError} NETWORK when it cannot be fetched; DATA_INVALID when its hash is
 * another; DISK when it cannot be written.
 */
export async function fetchWeights(
  file: ImagenetFile,
  cache: string,
  onProgress: DownloadProgress = () => {},
): Promise<string> {
  const path = join(cache, file.name);
  const wanted = file.hash ?? pinnedHash(path);
  if (existsSync(path)) {
    const found = await hashOf(path, algorithmOf(wanted));
    if (wanted !== undefined && found !== wanted) throw wrongHash(path, file, 'Delete it');
    if (wanted === undefined) pin(path, found);
    return path;
  }
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(cache, { recursive: true });
    await download(file, temporary, path, onProgress);
    const found = await hashOf(temporary, algorithmOf(wanted));
    if (wanted !== undefined && found !== wanted) throw wrongHash(file.address, file, 'Try again');
    renameSync(temporary, path);
    if (wanted === undefined) pin(path, found);
    return path;
  } catch (error) {
    throw isFull(error)
      ? new ExperimentError('DISK', `the disk is full: ${path} could not be written`)
      : error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

async function download(
  { address, name }: ImagenetFile,
  target: string,
  path: string,
  onProgress: DownloadProgress,
): Promise<void> {
  const unreachable = (reason: string) =>
    new ExperimentError(
      'NETWORK',
      `the weights ${name} could not be downloaded from ${address}: ${reason}`,
      `Download the file elsewhere and place it at ${path}; or train with \`weights: none\`.`,
    );
  const response = await fetch(address).catch((error: unknown) => {
    throw unreachable(reasonOf(error));
  });
  if (!response.ok || !response.body) throw unreachable(`the server answers ${response.status}`);
  const total = Number(response.headers.get('content-length')) || undefined;
  let bytes = 0;
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  const counted = body.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    onProgress(`downloading ${name}`, bytes, total);
  });
  await pipeline(counted, createWriteStream(target)).catch((error: unknown) => {
    throw isFull(error) ? error : unreachable(reasonOf(error));
  });
  if (total !== undefined && bytes < total) throw unreachable(`${bytes} of ${total} bytes came`);
}

/** fetch hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOSPC';

const wrongHash = (what: string, { name, address, hash }: ImagenetFile, remedy: string) =>
  new ExperimentError(
    'DATA_INVALID',
    `${what} is not the file ${name} that Keras means: its hash is not ${hash ?? 'the one noted beside it'}`,
    `${remedy}, or place the file from ${address} there.`,
  );

/** Keras tells the algorithms apart by the length of the hash. */
const algorithmOf = (hash: string | undefined): string =>
  hash !== undefined && hash.length === 32 ? 'md5' : 'sha256';

async function hashOf(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const pinPath = (path: string): string => `${path}.sha256`;

const pinnedHash = (path: string): string | undefined =>
  existsSync(pinPath(path)) ? readFileSync(pinPath(path), 'utf8').trim() : undefined;

function pin(path: string, hash: string): void {
  writeFileSync(pinPath(path), `${hash}\n`);
}
