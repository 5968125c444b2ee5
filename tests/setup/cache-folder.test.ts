import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { importScript } from './scratch-clone.ts';

const { ensureFolder, isIntact } = await importScript('cache-folder.mjs');

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'foldwise-cache-'));
  folder = join(parent, 'engine');
});

afterEach(() => rmSync(parent, { recursive: true }));

const make = async (part: string) => {
  writeFileSync(join(part, 'library.so'), 'x'.repeat(1000));
  return ['library.so'];
};

test('a folder is made once', async () => {
  expect(isIntact(folder)).toBe(false);
  expect(await ensureFolder(folder, make)).toBe(true);
  expect(isIntact(folder)).toBe(true);
  expect(await ensureFolder(folder, make)).toBe(false);
});

test.each([
  ['a truncated file', () => truncateSync(join(folder, 'library.so'), 10)],
  ['a missing file', () => rmSync(join(folder, 'library.so'))],
  ['a missing stamp', () => rmSync(join(folder, 'ready.json'))],
  ['a half-written stamp', () => truncateSync(join(folder, 'ready.json'), 5)],
])('%s makes it anew', async (_name, damage) => {
  await ensureFolder(folder, make);
  damage();
  expect(isIntact(folder)).toBe(false);
  expect(await ensureFolder(folder, make)).toBe(true);
  expect(readFileSync(join(folder, 'library.so'), 'utf8')).toHaveLength(1000);
});

test('what fails leaves nothing behind', async () => {
  const fail = async (part: string) => {
    await make(part);
    throw new Error('disk full');
  };
  await expect(ensureFolder(folder, fail)).rejects.toThrow('disk full');
  expect(readdirSync(parent)).toEqual([]);
});

test('what a killed set-up left behind is removed', async () => {
  mkdirSync(`${folder}.part-1`);
  await ensureFolder(folder, make);
  expect(existsSync(`${folder}.part-1`)).toBe(false);
});

test('two at once make it once', async () => {
  const made = await Promise.all([ensureFolder(folder, make), ensureFolder(folder, make)]);
  expect(made.sort()).toEqual([false, true]);
});
