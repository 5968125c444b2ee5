import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { loadDataset } from '../load.ts';
import { openImages } from '../open-images.ts';
import type { DatasetConfig } from '../schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-fer-'));
afterAll(() => rmSync(directory, { recursive: true }));

const options = { seed: 1, cacheDirectory: join(directory, 'cache') };

/** Pixels of a made-up face: row `index` of a file in FER-2013's format. */
const pixelsOf = (index: number) =>
  Array.from({ length: 2304 }, (_, pixel) => (pixel * (index + 3) + index * 17) % 256);

const usage = ['Training', 'PublicTest', 'PrivateTest'];

const row = (index: number) => `${index % 7},${pixelsOf(index).join(' ')},${usage[index % 3]}`;

const rows = Array.from({ length: 21 }, (_, index) => row(index));

function config(lines: string[], header = 'emotion,pixels,Usage'): DatasetConfig {
  const path = join(directory, 'fer2013.csv');
  writeFileSync(path, [header, ...lines].join('\n'));
  return { source: { type: 'fer_csv', path }, duplicates: 'group', near_duplicates: 'report' };
}

test('labels, parts, pixels and lines are those of the file', async () => {
  const dataset = await loadDataset(config(rows), options);
  expect(dataset.classes).toEqual([
    'angry',
    'disgust',
    'fear',
    'happy',
    'sad',
    'surprise',
    'neutral',
  ]);
  expect(dataset.images).toMatchObject({ samples: 21, height: 48, width: 48, channels: 1 });
  expect([...dataset.labels]).toEqual(rows.map((_, index) => index % 7));
  expect([...(dataset.parts ?? [])]).toEqual(rows.map((_, index) => index % 3));
  expect(dataset.origins[20]).toBe('fer2013.csv:22');
  const reader = openImages(dataset.images);
  expect([...reader.read([20, 0])]).toEqual([...pixelsOf(20), ...pixelsOf(0)]);
  reader.close();
});

test('rgb repeats the gray channel', async () => {
  const rgb = await loadDataset({ ...config(rows), image: { channels: 'rgb' } }, options);
  const reader = openImages(rgb.images);
  expect([...reader.read([5])]).toEqual(pixelsOf(5).flatMap((value) => [value, value, value]));
  reader.close();
});

test('a file without Usage has no parts', async () => {
  const lines = rows.map((line) => line.slice(0, line.lastIndexOf(',')));
  const dataset = await loadDataset(config(lines, 'emotion,pixels'), options);
  expect(dataset.parts).toBeUndefined();
});

test.each([
  [
    'wrong pixel count',
    `3,${pixelsOf(1).slice(1).join(' ')},Training`,
    '2,303 pixels instead of 2,304',
  ],
  [
    'value out of range',
    `3,${['300', ...pixelsOf(1).slice(1)].join(' ')},Training`,
    'pixel 1 is 300',
  ],
  ['unknown label', row(1).replace(/^1/, '7'), 'unknown emotion "7"'],
  ['label that is a word', row(1).replace(/^1/, 'happy'), 'unknown emotion "happy"'],
  ['unknown Usage', row(1).replace('PublicTest', 'Public'), 'unknown Usage "Public"'],
])('%s is an error at its line', async (_, bad, message) => {
  const loading = loadDataset(config([...rows, bad]), options);
  await expect(loading).rejects.toMatchObject({ code: 'DATA_INVALID' });
  await expect(loading).rejects.toThrow(`fer2013.csv:23: ${message}`);
});

test('a truncated file is an error at its last line', async () => {
  const cut = row(1).slice(0, 4000);
  await expect(loadDataset(config([...rows, cut]), options)).rejects.toMatchObject({
    message: expect.stringContaining('fer2013.csv:23: 2 columns instead of 3'),
    hint: expect.stringContaining('truncated'),
  });
});

test('an empty class is an error', async () => {
  const lines = rows.filter((_, index) => index % 7 !== 1);
  const loading = loadDataset(config(lines), options);
  await expect(loading).rejects.toThrow('fer2013.csv: no samples of "disgust"');
});

test('a missing file says where to get it and what runs without it', async () => {
  const source = { type: 'fer_csv', path: join(directory, 'nowhere.csv') } as const;
  const loading = loadDataset({ source, duplicates: 'group', near_duplicates: 'report' }, options);
  await expect(loading).rejects.toMatchObject({
    code: 'DATA_MISSING',
    hint: expect.stringMatching(/Kaggle.*experiments\/quickstart\.yaml/),
  });
});
