import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { SplitConfig } from './schema.ts';
import { splitFolds } from './split.ts';
import { indicesWithTwoRoles, parseSplits, splitHash, writeSplits } from './splits-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'splits-'));
afterAll(() => rmSync(directory, { recursive: true }));

const validation = { fraction: 0.2, stratified: true };
const config: SplitConfig = {
  strategy: { type: 'stratified_k_fold', folds: 3, shuffle: true },
  validation,
};
const input = {
  labels: Int32Array.from({ length: 60 }, (_, i) => i % 2),
  classes: ['a', 'b'],
  clusters: [],
};
const folds = splitFolds(config, input, 3);

test('saved folds are read back as they were, and a later run can use them', () => {
  const text = writeSplits(folds, 'stratified_k_fold');
  expect(parseSplits(text, 'splits.json')).toEqual(folds);
  expect(JSON.parse(text)).toMatchObject({
    version: 1,
    type: 'stratified_k_fold',
    hash: splitHash(folds),
  });

  const path = join(directory, 'splits.json');
  writeFileSync(path, text);
  const reused: SplitConfig = { strategy: { type: 'predefined', path }, validation };
  expect(splitFolds(reused, input, 99)).toEqual(folds);
  const fewer = { ...input, labels: input.labels.subarray(0, 50) };
  expect(() => splitFolds(reused, fewer, 99)).toThrow(/names sample 5\d, and the dataset has 50/);
});

test('the hash tells who has which role, not their order', () => {
  const [first, ...others] = folds;
  if (!first) throw new Error('three folds were made');
  const reversed = { ...first, train: first.train.slice().reverse() };
  const swapped = { ...first, train: first.validation, validation: first.train };
  expect(splitHash([reversed, ...others])).toBe(splitHash(folds));
  expect(splitHash([swapped, ...others])).not.toBe(splitHash(folds));
  expect(splitHash(others)).not.toBe(splitHash(folds));
});

test('an index with two roles is found', () => {
  const fold = {
    fold: 0,
    repeat: 0,
    train: Uint32Array.of(1, 2, 3),
    validation: Uint32Array.of(4),
    test: Uint32Array.of(3, 5),
  };
  expect(indicesWithTwoRoles(fold)).toEqual([3]);
  expect(folds.flatMap(indicesWithTwoRoles)).toEqual([]);
});

test.each([
  ['{', /is not the splits.json of a run/],
  ['{"version": 2, "folds": []}', /version is 2/],
  ['{"version": 1, "folds": []}', /no folds/],
  ['{"version": 1, "folds": [{"fold": 0, "repeat": 0, "train": [-1]}]}', /folds\[0\].train/],
  [
    '{"version": 1, "folds": [{"fold": 0, "repeat": 0, "train": [1], "validation": [], "test": [2]}]}',
    /folds\[0\].validation is empty/,
  ],
])('%s is refused', (text, message) => {
  expect(() => parseSplits(text, 'x/splits.json')).toThrow(message);
});

test('a missing file says where it was looked for', () => {
  const strategy = { type: 'predefined', path: join(directory, 'none.json') } as const;
  expect(() => splitFolds({ strategy, validation }, input, 1)).toThrow(/Cannot read.*none.json/);
});
