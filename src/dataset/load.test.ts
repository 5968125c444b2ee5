import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ExperimentError } from '../errors.ts';
import { loadDataset } from './load.ts';
import { openImages } from './open-images.ts';
import type { DatasetConfig } from './schema.ts';

const digitsPath = join(import.meta.dirname, '../../data/digits.csv');
const directory = mkdtempSync(join(tmpdir(), 'foldwise-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

const cache = (name: string) => ({ seed: 1, cacheDirectory: join(directory, name) });

/** A config as it comes out of the loader, with the schema's defaults. */
const pixelCsv = (path: string, rest: Partial<DatasetConfig> = {}): DatasetConfig => ({
  source: {
    type: 'pixel_csv',
    path,
    label_column: 'label',
    pixels_column: 'pixels',
    split_column: undefined,
    channels: 'grayscale',
    scale: 255,
  },
  duplicates: 'group',
  near_duplicates: 'report',
  ...rest,
});

const rowsFile = (name: string, rows: string[]): string => {
  const path = join(directory, name);
  writeFileSync(path, `label,pixels\n${rows.join('\n')}\n`);
  return path;
};

test('the digits are 1,797 images of 8×8 in ten classes', async () => {
  const dataset = await loadDataset(pixelCsv(digitsPath), cache('digits'));
  expect(dataset.classes).toEqual([...'0123456789']);
  expect(dataset.images).toMatchObject({ samples: 1797, height: 8, width: 8, channels: 1 });
  expect([...dataset.labels.subarray(0, 5)]).toEqual([0, 1, 2, 3, 4]);
  expect(dataset.origins[0]).toBe('digits.csv:2');
  const reader = openImages(dataset.images);
  const [, secondRow = ''] = readFileSync(digitsPath, 'utf8').split('\n');
  expect([...reader.read([0])].join(' ')).toBe(secondRow.split(',')[1]);
  reader.close();
});

test('a second load comes from the cache and is the same', async () => {
  const options = cache('twice');
  const first = await loadDataset(pixelCsv(digitsPath), options);
  const what: string[] = [];
  const onProgress = (_done: number, _total: number, text: string) => what.push(text);
  const second = await loadDataset(pixelCsv(digitsPath), { ...options, onProgress });
  expect(second).toEqual(first);
  expect(what).toEqual([]);
});

test('pixel steps share a cache, picture steps do not', async () => {
  const options = cache('steps');
  const load = (preprocessing: DatasetConfig['preprocessing']) =>
    loadDataset(pixelCsv(digitsPath, { preprocessing }), options);
  const plain = await load(undefined);
  const rescaled = await load([{ type: 'rescale', scale: 2, offset: 1 }]);
  expect(rescaled.images.path).toBe(plain.images.path);
  const cropped = await load([{ type: 'center_crop', size: 4 }]);
  expect(cropped.images).toMatchObject({ height: 4, width: 4 });
  expect(cropped.decoded).toMatchObject({ height: 8, width: 8 });
  expect(cropped.fingerprint).not.toBe(plain.fingerprint);
});

test('the source’s fingerprint stays, however the pictures are prepared, but not the samples', async () => {
  const options = cache('fingerprints');
  const of = async (own: Partial<DatasetConfig>) =>
    (await loadDataset(pixelCsv(digitsPath, own), options)).sourceFingerprint;
  const plain = await of({});
  expect(await of({ image: { size: 12, channels: 'rgb' } })).toBe(plain);
  expect(await of({ preprocessing: [{ type: 'center_crop', size: 4 }] })).toBe(plain);
  expect(await of({ limit: 3 })).not.toBe(plain);
  expect(await of({ classes: ['1', '0'] })).not.toBe(await of({ classes: ['0', '1'] }));
});

test('a changed file is read anew', async () => {
  const options = cache('changed');
  const path = rowsFile('changed.csv', ['a,1 2 3 4', 'b,5 6 7 8']);
  const before = await loadDataset(pixelCsv(path), options);
  rowsFile('changed.csv', ['a,1 2 3 4', 'b,5 6 7 9']);
  const after = await loadDataset(pixelCsv(path), options);
  expect(after.fingerprint).not.toBe(before.fingerprint);
});

test.each([
  ['a flipped pixel', 'images.u8', (bytes: Buffer) => bytes.fill((bytes[99] ?? 0) ^ 1, 99, 100)],
  ['missing pixels', 'images.u8', (bytes: Buffer) => bytes.subarray(0, 1000)],
  ['a changed label', 'samples.bin', (bytes: Buffer) => bytes.fill(7, 0, 1)],
  ['cut metadata', 'dataset.json', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5)],
  [
    'another version',
    'dataset.json',
    (bytes: Buffer) => Buffer.from(`${bytes}`.replace(/version":\d+/, 'version":0')),
  ],
  ['an empty file', 'dataset.json', () => Buffer.alloc(0)],
])('a cache with %s is built again, not trusted', async (_, file, damage) => {
  const options = cache('damaged');
  const good = await loadDataset(pixelCsv(digitsPath), options);
  const path = join(good.images.path, '..', file);
  const bytes = readFileSync(path);
  writeFileSync(path, damage(Buffer.from(bytes)));
  expect(await loadDataset(pixelCsv(digitsPath), options)).toEqual(good);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a directory left half-made by a killed process is not in the way', async () => {
  const options = cache('half');
  const good = await loadDataset(pixelCsv(digitsPath), options);
  const made = join(good.images.path, '..');
  cpSync(made, `${made}.building-1`, { recursive: true });
  rmSync(join(made, 'dataset.json'));
  expect(await loadDataset(pixelCsv(digitsPath), options)).toEqual(good);
});

test('loads at the same time give the same dataset and leave one directory', async () => {
  const options = cache('together');
  const loads = await Promise.all(
    Array.from({ length: 4 }, () => loadDataset(pixelCsv(digitsPath), options)),
  );
  for (const dataset of loads) expect(dataset).toEqual(loads[0]);
  expect(readdirSync(join(options.cacheDirectory, 'datasets'))).toHaveLength(1);
});

test('classes, limit and steps decide which samples take part', async () => {
  const options = cache('classes');
  const path = rowsFile('classes.csv', [
    'Cat,1',
    'dog,2',
    'bird,3',
    'CAT,4',
    'dog,5',
    'cat,6',
    'cow,7',
  ]);
  const all = await loadDataset(pixelCsv(path), options);
  expect(all.classes).toEqual(['Cat', 'bird', 'cow', 'dog']);
  const some = await loadDataset(pixelCsv(path, { classes: ['DOG', 'cat'], limit: 2 }), options);
  expect(some.classes).toEqual(['dog', 'Cat']);
  expect([...some.labels]).toEqual([1, 0, 1, 0]);
  const merged = await loadDataset(
    pixelCsv(path, {
      preprocessing: [
        { type: 'select_classes', classes: ['bird', 'cat', 'dog'] },
        { type: 'merge_classes', classes: { mammal: ['dog', 'cat'] } },
      ],
    }),
    options,
  );
  expect(merged.classes).toEqual(['mammal', 'bird']);
  expect([...merged.labels]).toEqual([0, 0, 1, 0, 0, 0]);
});

test.each([
  ['an unknown class', { classes: ['cat', 'dgo'] }, 'dataset.classes.1: no class "dgo"'],
  ['one class left', { preprocessing: [{ type: 'select_classes', classes: ['cat'] }] }, '1 class'],
  ['parts that are not there', { parts: ['train'] }, 'no samples'],
] as [string, Partial<DatasetConfig>, string][])('%s is an error', async (_, rest, message) => {
  const path = rowsFile('wrong.csv', ['cat,1', 'dog,2']);
  const loading = loadDataset(pixelCsv(path, rest), cache('wrong'));
  await expect(loading).rejects.toThrow(ExperimentError);
  await expect(loading).rejects.toThrow(message);
});

test('a failed load leaves nothing behind', async () => {
  const options = cache('failed');
  const path = rowsFile('failed.csv', ['cat,1 2 3 4', 'dog,2']);
  await expect(loadDataset(pixelCsv(path), options)).rejects.toThrow('failed.csv:3: 1 pixels');
  expect(readdirSync(join(options.cacheDirectory, 'datasets'))).toEqual([]);
});

test('a missing file says so', async () => {
  const loading = loadDataset(pixelCsv('/nowhere/x.csv'), cache('missing'));
  await expect(loading).rejects.toMatchObject({ code: 'DATA_MISSING' });
});

test('a folder in place of a file, and a file in place of the cache, are errors with a place', async () => {
  const folder = pixelCsv(directory);
  await expect(loadDataset(folder, cache('folder'))).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: expect.stringContaining('EISDIR'),
  });
  const blocked = { seed: 1, cacheDirectory: join(directory, 'blocked') };
  writeFileSync(blocked.cacheDirectory, 'x');
  await expect(loadDataset(pixelCsv(digitsPath), blocked)).rejects.toMatchObject({ code: 'DISK' });
});
