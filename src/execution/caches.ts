/** What lies in the cache directory, and clearing what runs make again by themselves. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { usage } from '../training/features/cache-limit.ts';

/** Caches that a run fills again. The engine and other programs stay: the set-up makes those. */
export const clearable = ['datasets', 'features'] as const;
export type ClearableCache = (typeof clearable)[number];

export type CacheContents = {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
  /** When something in it was last used or changed, in ISO 8601; null when it is empty. */
  readonly used: string | null;
  readonly clearable: boolean;
};

/** The directories of a cache, by name. */
export function listCaches(root: string): CacheContents[] {
  const names = existsSync(root)
    ? readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'locks')
        .map((entry) => entry.name)
        .sort()
    : [];
  return names.map((name) => {
    const entries = readdirSync(join(root, name)).map((entry) => usage(join(root, name, entry)));
    const used = entries.reduce((latest, one) => Math.max(latest, one.used), 0);
    return {
      name,
      entries: entries.length,
      bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
      used: used > 0 ? new Date(used).toISOString() : null,
      clearable: clearable.some((one) => one === name),
    };
  });
}

/** Removes caches; gives how many bytes that freed. */
export function clearCaches(root: string, names: readonly ClearableCache[]): number {
  const freed = listCaches(root)
    .filter(({ name }) => names.some((one) => one === name))
    .reduce((sum, { bytes }) => sum + bytes, 0);
  for (const name of names) rmSync(join(root, name), { recursive: true, force: true });
  return freed;
}
