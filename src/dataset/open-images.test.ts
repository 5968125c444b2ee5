import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openImages } from './open-images.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-open-'));
afterAll(() => rmSync(directory, { recursive: true }));

const path = join(directory, 'images.u8');
writeFileSync(
  path,
  Uint8Array.from({ length: 60 }, (_, index) => index),
);
const file = { path, samples: 10, height: 2, width: 3, channels: 1 };
const image = (index: number) => Array.from({ length: 6 }, (_, pixel) => index * 6 + pixel);

test('images are read by position, in the order that is asked for', () => {
  const reader = openImages(file);
  const indices = [3, 4, 5, 0, 9, 9, 2, 1];
  expect([...reader.read(indices)]).toEqual(indices.flatMap(image));
  expect([...reader.read(Uint32Array.from(indices))]).toEqual(indices.flatMap(image));
  expect(reader.read([])).toHaveLength(0);
  reader.close();
});

test('a buffer is filled from its start', () => {
  const reader = openImages(file);
  const into = new Uint8Array(20).fill(255);
  expect([...reader.read([1, 7], into)]).toEqual([...image(1), ...image(7)]);
  expect([...into.subarray(12)]).toEqual(Array(8).fill(255));
  reader.close();
});

test('indices outside of the file are an error', () => {
  const reader = openImages(file);
  expect(() => reader.read([9, 10])).toThrow(RangeError);
  reader.close();
});

test('a file of another size is refused', () => {
  const short = join(directory, 'short.u8');
  writeFileSync(short, new Uint8Array(60));
  truncateSync(short, 59);
  expect(() => openImages({ ...file, path: short })).toThrow('59 bytes instead of 60');
});
