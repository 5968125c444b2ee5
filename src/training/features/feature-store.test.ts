import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { blockSamples, openFeatureStore } from './feature-store.ts';

const shape = { samples: 2 * blockSamples + 5, length: 3 };
const featureOf = (sample: number, i: number) => Math.fround(sample + i / 10);
const blockOf = (first: number, count: number) =>
  Float32Array.from({ length: count * shape.length }, (_, i) =>
    featureOf(first + Math.floor(i / shape.length), i % shape.length),
  );

/** A complete store in a directory of its own. */
function filledStore() {
  const directory = join(mkdtempSync(join(tmpdir(), 'foldwise-')), 'features', 'key');
  const store = openFeatureStore(directory, shape);
  for (const block of store.missing()) {
    const { first, count } = store.range(block);
    store.write(block, blockOf(first, count));
  }
  return { directory, store, path: (block: number) => join(directory, `00000${block}.f32`) };
}

const indices = Uint32Array.of(260, 0, blockSamples, blockSamples - 1);
const expected = [...indices].flatMap((sample) => [0, 1, 2].map((i) => featureOf(sample, i)));

test('features are read by sample, in the order asked for', () => {
  const { store, directory } = filledStore();
  expect(store.missing()).toEqual([]);
  expect([...store.read(indices)]).toEqual(expected);
  store.close();
  expect([...openFeatureStore(directory, shape).read(indices)]).toEqual(expected);
  expect(readdirSync(directory)).toHaveLength(3);
});

test('blocks that are cut off, changed or of another length are missing', () => {
  const { directory, path } = filledStore();
  truncateSync(path(0), 100);
  const damaged = readFileSync(path(1));
  damaged[17] = (damaged[17] ?? 0) ^ 1;
  writeFileSync(path(1), damaged);
  const store = openFeatureStore(directory, shape);
  expect(store.missing()).toEqual([0, 1]);
  expect(() => store.read(indices)).toThrow(/no features of sample 0/);
  store.write(0, blockOf(0, blockSamples));
  store.write(1, blockOf(blockSamples, blockSamples));
  expect([...store.read(indices)]).toEqual(expected);
  expect(openFeatureStore(directory, { ...shape, length: 4 }).missing()).toEqual([0, 1, 2]);
});

test('two that fill one store see what the other has written', () => {
  const directory = mkdtempSync(join(tmpdir(), 'foldwise-'));
  const [one, other] = [openFeatureStore(directory, shape), openFeatureStore(directory, shape)];
  one.write(1, blockOf(blockSamples, blockSamples));
  expect(other.missing()).toEqual([0, 2]);
  other.write(1, blockOf(blockSamples, blockSamples));
  expect(one.missing()).toEqual([0, 2]);
});

test('an open store can be read after its files are cleared away', () => {
  const { store, path } = filledStore();
  expect(store.missing()).toEqual([]);
  for (const block of [0, 1, 2]) rmSync(path(block));
  expect([...store.read(indices)]).toEqual(expected);
});
