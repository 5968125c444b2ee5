import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeRoom } from './cache-limit.ts';

/** Entries of 100 bytes each, last used so many hours ago. */
function cacheOf(hoursAgo: Readonly<Record<string, number>>) {
  const parent = mkdtempSync(join(tmpdir(), 'foldwise-'));
  for (const [name, hours] of Object.entries(hoursAgo)) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'block'), new Uint8Array(100));
    const used = new Date(Date.now() - hours * 3_600_000);
    utimesSync(join(parent, name), used, used);
  }
  const left = () => Object.keys(hoursAgo).filter((name) => existsSync(join(parent, name)));
  return { parent, left };
}

test('what was not used for longest goes first, and no more than has to', () => {
  const { parent, left } = cacheOf({ old: 5, older: 9, young: 1, own: 20 });
  expect(makeRoom(parent, 'own', 100, 300)).toBe(true);
  expect(left()).toEqual(['old', 'young', 'own']);
});

test('entries of another process that may be filling them stay', () => {
  const { parent, left } = cacheOf({ filling: 0, own: 0 });
  expect(makeRoom(parent, 'own', 150, 200)).toBe(false);
  expect(left()).toEqual(['filling', 'own']);
});

test('what is larger than the limit by itself removes nothing', () => {
  const { parent, left } = cacheOf({ old: 5 });
  expect(makeRoom(parent, 'own', 301, 300)).toBe(false);
  expect(left()).toEqual(['old']);
});
