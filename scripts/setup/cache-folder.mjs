// A folder of the cache that is either whole or not there: made aside, stamped, renamed.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { withLock } from './lock.mjs';
import { onInterrupt } from './processes.mjs';
import { say } from './progress.mjs';

const stampName = 'ready.json';

/** `$XDG_CACHE_HOME/foldwise`, usually `~/.cache/foldwise`. */
export const cacheRoot = () =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'foldwise');

/**
 * Whether the folder was finished and every file that its stamp names still has its size.
 * @param {string} folder
 */
export function isIntact(folder) {
  const files = readStamp(folder);
  return (
    files !== undefined &&
    Object.entries(files).every(([file, size]) => sizeOf(resolve(folder, file)) === size)
  );
}

/**
 * Makes the folder unless it is intact. Returns whether it was made.
 * @param {string} folder
 * @param {(part: string) => Promise<readonly string[]>} make fills the empty folder `part`; returns
 *   the files to watch from then on, relative to it or absolute
 */
export async function ensureFolder(folder, make) {
  if (isIntact(folder)) return false;
  const onWait = (/** @type {number} */ pid) =>
    say(`waiting for another set-up (process ${pid}) that makes ${folder}`);
  return withLock(`${folder}.lock`, onWait, async () => {
    if (isIntact(folder)) return false;
    removeParts(folder);
    const part = `${folder}.part-${process.pid}`;
    const discard = () => rmSync(part, { recursive: true, force: true });
    const forget = onInterrupt(discard);
    try {
      mkdirSync(part);
      stamp(part, await make(part));
      replaceFolder(part, folder);
      return true;
    } finally {
      forget();
      discard();
    }
  });
}

/** @param {string} part @param {string} folder */
function replaceFolder(part, folder) {
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(part, folder);
  } catch (error) {
    if (!isIntact(folder)) throw error; // else another set-up was first, with the same result
  }
}

/** What killed set-ups left behind; the lock is ours, so nobody works on them. */
function removeParts(/** @type {string} */ folder) {
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(`${basename(folder)}.part-`)) {
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

/** @param {string} folder @param {readonly string[]} files */
function stamp(folder, files) {
  const sizes = Object.fromEntries(files.map((file) => [file, sizeOf(resolve(folder, file))]));
  writeFileSync(join(folder, stampName), JSON.stringify({ files: sizes }, null, 2));
}

/**
 * @param {string} folder
 * @returns {Record<string, number> | undefined}
 */
function readStamp(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, stampName), 'utf8')).files;
  } catch {
    return undefined; // never finished, or a damaged stamp: both mean to make it again
  }
}

/** @param {string} path */
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size;
