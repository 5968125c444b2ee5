// One set-up at a time in one place: a file that its holder touches while it works.
import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure } from './failure.mjs';
import { onInterrupt } from './processes.mjs';

/** A holder that has not touched its lock for so long is gone, even on another machine. */
const heartbeatMs = 5_000;
const staleMs = 60_000;

/**
 * Runs `work` while nobody else holds the lock at `path`. A lock whose process is gone is taken
 * over. What the locks guard is made aside and renamed, so even a wrong guess here is harmless.
 * @template T
 * @param {string} path
 * @param {(pid: number) => void} onWait called once when another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  makeFolder(dirname(path));
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  for (let waited = false; !take(path, mine); waited = true) {
    const holder = read(path);
    if (holder === undefined) continue;
    if (isStale(path, holder)) {
      remove(path, holder);
      continue;
    }
    if (!waited) onWait(pidOf(holder));
    await sleep(200);
  }
  const release = () => remove(path, mine);
  const forget = onInterrupt(release);
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    forget();
    release();
  }
}

/** The first thing that the set-up writes into the cache. @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupFailure(
      `The cache folder ${folder} cannot be made: ${error instanceof Error ? error.message : error}`,
      'Set XDG_CACHE_HOME to a folder that you may write to.',
    );
  }
}

/** @param {string} path @param {string} mine */
function take(path, mine) {
  try {
    writeFileSync(path, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // released meanwhile
  }
}

/** @param {string} path @param {string} holder */
function isStale(path, holder) {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > staleMs) return true;
  if (holder === '') return false; // being written
  const { pid, host } = JSON.parse(holder);
  return host === hostname() && !isAlive(pid);
}

/** Removes the lock only if it is still `holder`'s: somebody may have taken it over. */
function remove(/** @type {string} */ path, /** @type {string} */ holder) {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // gone already
  }
  if (read(aside) === holder) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken over while this process was stopped; the rename at the end settles who wins.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {string} holder */
const pidOf = (holder) => (holder === '' ? 0 : JSON.parse(holder).pid);

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
