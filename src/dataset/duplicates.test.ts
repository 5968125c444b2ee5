import { expect, test } from '@jest/globals';
import { differenceHasher, differingBits } from './difference-hash.ts';
import { findDuplicates } from './duplicates.ts';
import type { Picture } from './picture.ts';

const labels = (...values: number[]) => Int32Array.from(values);

/** Difference hashes with the given bits set. */
const hashes = (...bits: number[][]) =>
  Uint32Array.from(
    bits.flatMap((set) =>
      [0, 32].map((start) =>
        set
          .filter((bit) => bit >= start && bit < start + 32)
          .reduce((sum, bit) => sum + 2 ** (bit - start), 0),
      ),
    ),
  );

test('identical pictures are clusters, those under two labels conflicts', () => {
  const content = ['a', 'b', 'a', 'c', 'b', 'a'];
  const found = findDuplicates({ content }, labels(0, 1, 0, 2, 0, 0));
  expect(found.identical).toEqual([
    [0, 2, 5],
    [1, 4],
  ]);
  expect(found.conflicting).toEqual([[1, 4]]);
  expect(found.near).toEqual([]);
});

test('near pictures differ in at most two bits, and chains are one cluster', () => {
  const content = ['a', 'b', 'c', 'd', 'e'];
  const difference = hashes([], [3, 40], [3, 40, 41, 60], [0, 1, 2], [10, 20, 30, 40, 50]);
  const found = findDuplicates({ content, difference }, labels(0, 0, 0, 0, 0));
  expect(found.near).toEqual([[0, 1, 2]]);
});

test('near clusters agree with comparing every pair', () => {
  let state = 1;
  const random = () => {
    state = Math.imul(state, 48271) % 0x7fffffff;
    return Math.abs(state) / 0x7fffffff;
  };
  const sets = Array.from({ length: 60 }, () => [0, 1, 2, 3].map(() => Math.floor(random() * 64)));
  const difference = hashes(
    ...sets
      .flatMap((set) => [set, [...set, Math.floor(random() * 64)], set.slice(random() * 4)])
      .map((set) => [...new Set(set)]),
  );
  const count = difference.length / 2;
  const bits = (a: number, b: number) =>
    differingBits(difference[2 * a] ?? 0, difference[2 * b] ?? 0) +
    differingBits(difference[2 * a + 1] ?? 0, difference[2 * b + 1] ?? 0);
  const cluster = Array.from({ length: count }, (_, i) => i);
  for (let changed = true; changed; ) {
    changed = false;
    for (let a = 0; a < count; a++)
      for (let b = 0; b < a; b++) {
        const low = Math.min(cluster[a] ?? 0, cluster[b] ?? 0);
        if (bits(a, b) > 2 || (cluster[a] === low && cluster[b] === low)) continue;
        cluster[a] = cluster[b] = low;
        changed = true;
      }
  }
  const expected = [...new Set(cluster)]
    .map((first) => cluster.flatMap((value, i) => (value === first ? [i] : [])))
    .filter((members) => members.length > 1 && members.length <= 20);
  const content = Array.from({ length: count }, (_, i) => `${i}`);
  const { near } = findDuplicates({ content, difference }, new Int32Array(count));
  expect(near).toEqual(expected);
  expect(near.length).toBeGreaterThan(20);
});

test('near clusters have their identical members and at most 20 distinct pictures', () => {
  const content = [...Array(21).keys()].map((i) => `${i}`);
  const same = hashes(...content.map(() => [5]));
  const tooLarge = findDuplicates({ content, difference: same }, new Int32Array(21));
  expect([tooLarge.near, tooLarge.oversized]).toEqual([[], 1]);
  const copies = content.map((_, i) => (i < 20 ? 'copy' : 'other'));
  const { near } = findDuplicates({ content: copies, difference: same }, new Int32Array(21));
  expect(near).toEqual([[...Array(21).keys()]]);
});

test('constant pictures are near to nothing', () => {
  const found = findDuplicates(
    { content: ['a', 'b'], difference: hashes([], []), constant: Uint8Array.of(1, 0) },
    labels(0, 0),
  );
  expect(found.near).toEqual([]);
});

const picture = (tone: (x: number, y: number) => number, side = 48) => ({
  height: side,
  width: side,
  channels: 1,
  pixels: Uint8Array.from({ length: side * side }, (_, i) => tone(i % side, Math.floor(i / side))),
});

const differenceHash = (one: ReturnType<typeof picture>) => differenceHasher(one)(one.pixels);

test('the hash sees falling brightness, not its level or a little noise', () => {
  const falling = picture((x) => 200 - 3 * x);
  expect(differenceHash(falling)).toEqual([0xffffffff, 0xffffffff]);
  expect(differenceHash(picture((x) => 50 + 3 * x))).toEqual([0, 0]);
  expect(differenceHash(picture((x, y) => 201 - 3 * x + (y % 2)))).toEqual(differenceHash(falling));
  expect(differenceHash(picture(() => 9))).toBeUndefined();
  const half = differenceHash(picture((x, y) => (y < 24 ? 200 - 3 * x : 50 + 3 * x)));
  expect(half).toEqual([0xffffffff, 0]);
});

test('pictures smaller than the grid have a hash too', () => {
  expect(differenceHash(picture((x) => 200 - 20 * x, 4))).toBeDefined();
});

/** The definition, one cell at a time. */
const definedHash = ({ height, width, channels, pixels }: Picture) => {
  const edge = (cell: number, cells: number, length: number) =>
    Math.min(Math.floor((cell * length) / cells), length - 1);
  const end = (cell: number, cells: number, length: number) =>
    Math.max(edge(cell, cells, length) + 1, Math.floor(((cell + 1) * length) / cells));
  const mean = (row: number, column: number) => {
    const values: number[] = [];
    for (let y = edge(row, 8, height); y < end(row, 8, height); y++)
      for (let x = edge(column, 9, width); x < end(column, 9, width); x++)
        for (let channel = 0; channel < channels; channel++)
          values.push(pixels[(y * width + x) * channels + channel] ?? 0);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return [0, 4].map((half) =>
    Array.from({ length: 32 }, (_, bit) => [half + (bit >> 3), bit & 7] as const).reduce(
      (bits, [row, column]) => bits * 2 + (mean(row, column) > mean(row, column + 1) ? 1 : 0),
      0,
    ),
  );
};

test.each([
  [48, 48, 1],
  [48, 48, 3],
  [8, 8, 1],
  [5, 7, 1],
  [13, 11, 3],
  [50, 30, 1],
  // Cells too high for sums of 16 bits.
  [2100, 12, 1],
])('the hash of %d×%d pixels in %d channels is as defined', (height, width, channels) => {
  const pixels = Uint8Array.from({ length: height * width * channels }, (_, index) =>
    index % 7 === 0 ? 255 : (Math.imul(index + height, 0x9e3779b1) >>> 24) | 128,
  );
  const shape = { height, width, channels };
  expect(differenceHasher(shape)(pixels)).toEqual(definedHash({ ...shape, pixels }));
});
