/** Keeps a directory of caches below a size: what was not used for longest goes first. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One used in the last minutes may still be filled by another process. */
const inUse = 10 * 60 * 1000;

/**
 * Makes room in `parent` for `needed` bytes in the entry `own`, which stays.
 *
 * @returns whether they fit below `limit` now
 */
export function makeRoom(parent: string, own: string, needed: number, limit: number): boolean {
  if (needed > limit) return false;
  const others = readdirSync(parent)
    .filter((name) => name !== own)
    .map((name) => ({ path: join(parent, name), ...usage(join(parent, name)) }))
    .sort((a, b) => a.used - b.used);
  let total = others.reduce((sum, { bytes }) => sum + bytes, needed);
  for (const { path, bytes, used } of others) {
    if (total <= limit || Date.now() - used < inUse) break;
    rmSync(path, { recursive: true, force: true });
    total -= bytes;
  }
  return total <= limit;
}

/** Bytes in an entry of a cache, and when it was last used (milliseconds since 1970). */
export function usage(path: string): { readonly bytes: number; readonly used: number } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return { bytes: 0, used: 0 };
  if (!stats.isDirectory()) return { bytes: stats.size, used: stats.mtimeMs };
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const bytes = files.reduce((sum, name) => {
    const file = statSync(join(path, name), { throwIfNoEntry: false });
    return sum + (file?.isFile() ? file.size : 0);
  }, 0);
  return { bytes, used: stats.mtimeMs };
}
