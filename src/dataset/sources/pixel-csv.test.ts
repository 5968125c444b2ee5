import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { loadDataset } from '../load.ts';
import { openImages } from '../open-images.ts';
import type { DatasetConfig } from '../schema.ts';
import type { pixelCsv } from './pixel-csv.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-csv-'));
afterAll(() => rmSync(directory, { recursive: true }));

const options = { seed: 1, cacheDirectory: join(directory, 'cache') };

type Source = Parameters<typeof pixelCsv.read>[0];

function config(
  text: string,
  source: Partial<Source> = {},
  rest: Partial<DatasetConfig> = {},
): DatasetConfig {
  const path = join(directory, 'images.csv');
  writeFileSync(path, text);
  return {
    source: {
      type: 'pixel_csv',
      path,
      label_column: 'label',
      pixels_column: 'pixels',
      channels: 'grayscale',
      scale: 255,
      ...source,
    },
    duplicates: 'group',
    near_duplicates: 'keep',
    ...rest,
  };
}

test('columns have the names that the config gives them', async () => {
  const text =
    'id,what,image,set,who\n1,cat,1 2 3 4,train,ann\n2,dog,5 6 7 8,valid,bob\n3,cat,9 9 9 8,Testing,ann\n';
  const dataset = await loadDataset(
    config(text, {
      label_column: 'what',
      pixels_column: 'image',
      split_column: 'set',
      group_column: 'who',
    }),
    options,
  );
  expect(dataset.images).toMatchObject({ samples: 3, height: 2, width: 2, channels: 1 });
  expect([...(dataset.parts ?? [])]).toEqual([0, 1, 2]);
  expect(dataset.groupNames).toEqual(['ann', 'bob']);
  expect([...(dataset.groups ?? [])]).toEqual([0, 1, 0]);
});

test('labels that are all numbers are sorted by value', async () => {
  const rows = [10, 9, 2, 10].map((label) => `${label},${label}`).join('\n');
  const dataset = await loadDataset(config(`label,pixels\n${rows}`), options);
  expect(dataset.classes).toEqual(['2', '9', '10']);
  expect([...dataset.labels]).toEqual([2, 1, 0, 2]);
});

test('given classes name labels that are numbers, or list labels that are words', async () => {
  const classes = ['Cat', 'Dog'];
  const numbers = await loadDataset(config('label,pixels\n1,1\n0,2\n', { classes }), options);
  expect([numbers.classes, ...numbers.labels]).toEqual([classes, 1, 0]);
  const words = await loadDataset(config('label,pixels\ndog,1\nCAT,2\n', { classes }), options);
  expect([words.classes, ...words.labels]).toEqual([classes, 1, 0]);
});

test('size and channels say what the values are', async () => {
  const text = 'label,pixels\na,1 2 3 4 5 6\nb,6 5 4 3 2 1\n';
  const { images } = await loadDataset(config(text, { size: [1, 2], channels: 'rgb' }), options);
  expect(images).toMatchObject({ height: 1, width: 2, channels: 3 });
});

test.each([
  [
    'an unknown label',
    'label,pixels\na,1\nb,2\nc,3\n',
    { classes: ['a', 'b'] },
    ':4: unknown label "c"',
  ],
  [
    'a number without a class',
    'label,pixels\n0,1\n2,2\n',
    { classes: ['a', 'b'] },
    ':3: unknown label "2"',
  ],
  ['no label', 'label,pixels\na,1\n,2\n', {}, ':3: unknown label ""'],
  [
    'an unknown part',
    'label,pixels,set\na,1,train\nb,2,dev\n',
    { split_column: 'set' },
    ':3: unknown part "dev"',
  ],
  [
    'no group',
    'label,pixels,who\na,1,x\nb,2,\n',
    { group_column: 'who' },
    ':3: no group in column "who"',
  ],
  ['pixels that are no square', 'label,pixels\na,1 2 3\n', {}, ':2: 3 pixels are no square image'],
  [
    'too high a value',
    'label,pixels\na,1\nb,17\n',
    { scale: 16 },
    ':3: pixel 1 is 17, outside of 0 to 16',
  ],
  [
    'pixels that do not fit the size',
    'label,pixels\na,1 2\n',
    { size: 2 },
    ':2: 2 pixels instead of 4',
  ],
] as [string, string, Partial<Source>, string][])(
  '%s is an error at its line',
  async (_, text, source, message) => {
    const loading = loadDataset(config(text, source), options);
    await expect(loading).rejects.toMatchObject({ code: 'DATA_INVALID' });
    await expect(loading).rejects.toThrow(`images.csv${message}`);
  },
);

test('identical pictures are found; drop keeps the first of each', async () => {
  const text = 'label,pixels\na,1\nb,2\na,1\nb,1\na,3\n';
  const all = await loadDataset(config(text), options);
  expect(all.duplicates).toMatchObject({
    identical: [[0, 2, 3]],
    conflicting: [[0, 2, 3]],
    dropped: 0,
  });
  const dropped = await loadDataset(config(text, {}, { duplicates: 'drop' }), options);
  expect(dropped.duplicates).toMatchObject({ identical: [], dropped: 2 });
  expect(dropped.origins).toEqual(['images.csv:2', 'images.csv:3', 'images.csv:6']);
  const reader = openImages(dropped.images);
  expect([...reader.read([0, 1, 2])]).toEqual([1, 2, 3]);
  reader.close();
});
