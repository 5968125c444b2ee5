import { expect, test } from '@jest/globals';
import { inPairs, median } from '../../bench/measure.ts';
import type { Measurement } from '../../bench/row.ts';
import { benchmarksPage, isReached } from '../../bench/table.ts';

const faster: Measurement = {
  what: 'a step',
  unit: 'ms',
  limit: { ratio: 0.8 },
  pairs: [
    { ours: 60, theirs: 100 },
    { ours: 90, theirs: 100 },
    { ours: 70, theirs: 100 },
  ],
  note: 'three pairs',
};
const slow: Measurement = {
  ...faster,
  what: 'help',
  unit: 's',
  limit: { value: 0.1 },
  values: [0.3],
};
const { pairs: _, ...alone } = slow;

test('the median of the ratios is held against the limit', () => {
  expect(isReached(faster)).toBe(true);
  expect(isReached({ ...faster, limit: { ratio: 0.69 } })).toBe(false);
  expect(isReached(alone)).toBe(false);
  expect(isReached({ ...faster, limit: null })).toBeNull();
});

test('the page has a line for each measurement, and says when it was a quick run', () => {
  const report = {
    quick: false,
    date: '2026-01-02',
    machine: { cores: 2 },
    rows: { a: [faster, alone] },
  };
  const page = benchmarksPage(report);
  expect(page).toContain('| a step | 70 ms | 100 ms | **0.7** (0.6…0.9) | ≤ 0.8 | yes |');
  expect(page).toContain('| help | 0.3 s |  |  | ≤ 0.1 s | **no** |');
  expect(page).toContain('- cores: 2');
  expect(page).not.toMatch(/quick run/);
  expect(benchmarksPage({ ...report, quick: true })).toMatch(/quick run/);
});

test('pairs change who is first', async () => {
  const order: string[] = [];
  const side = (name: string, value: number) => async () => {
    order.push(name);
    return value;
  };
  const pairs = await inPairs(2, side('ours', 1), side('theirs', 2));
  expect(order).toEqual(['ours', 'theirs', 'theirs', 'ours']);
  expect(pairs).toEqual([
    { ours: 1, theirs: 2 },
    { ours: 1, theirs: 2 },
  ]);
});

test('the median of an even number of values is between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});
