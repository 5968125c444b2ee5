import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { clearCaches, listCaches } from './caches.ts';

function newCache(): string {
  const root = mkdtempSync(join(tmpdir(), 'foldwise-'));
  for (const [name, bytes] of [
    ['features/key', 300],
    ['features/other', 100],
    ['datasets/key', 50],
    ['engine/library', 1000],
  ] as const) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'file'), new Uint8Array(bytes));
  }
  return root;
}

test('each cache is listed with its size and last use', () => {
  const caches = listCaches(newCache());
  expect(caches.map(({ name, entries, bytes }) => [name, entries, bytes])).toEqual([
    ['datasets', 1, 50],
    ['engine', 1, 1000],
    ['features', 2, 400],
  ]);
  for (const { used } of caches)
    expect(Date.parse(used ?? '')).toBeGreaterThan(Date.now() - 60_000);
  expect(caches.filter((one) => one.clearable).map(({ name }) => name)).toEqual([
    'datasets',
    'features',
  ]);
});

test('only what is named is cleared', () => {
  const root = newCache();
  expect(clearCaches(root, ['features'])).toBe(400);
  expect(existsSync(join(root, 'features'))).toBe(false);
  expect(existsSync(join(root, 'datasets/key/file'))).toBe(true);
  expect(clearCaches(root, ['features', 'datasets'])).toBe(50);
});

test('a cache that is not there is empty', () => {
  expect(listCaches(join(newCache(), 'nowhere'))).toEqual([]);
});
