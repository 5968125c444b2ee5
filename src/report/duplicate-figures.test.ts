import { expect, test } from '@jest/globals';
import { duplicateFigures } from './duplicate-figures.ts';

const dataset = (duplicates: {
  identical?: number[][];
  near?: number[][];
  conflicting?: number[][];
}) => ({
  classes: ['a', 'b'],
  labels: Int32Array.from({ length: 100 }, (_, index) => (index === 90 ? 1 : 0)),
  origins: Array.from({ length: 100 }, (_, index) => `x.csv:${index}`),
  duplicates: { identical: [], near: [], conflicting: [], dropped: 0, ...duplicates },
});

test('of a picture under two labels both are shown, however many copies there are', () => {
  const cluster = [10, 11, 12, 13, 14, 15, 16, 90];
  const figures = duplicateFigures(dataset({ identical: [cluster], conflicting: [cluster] }));
  expect(figures.map(({ index }) => index)).toEqual([10, 90, 11, 12, 13, 14]);
  expect(figures[1]).toEqual({
    index: 90,
    origin: 'x.csv:90',
    class: 'b',
    kind: 'conflicting',
    cluster: 10,
    members: 8,
  });
});

test('large clusters come first, and of many clusters some are shown', () => {
  const pairs = Array.from({ length: 20 }, (_, i) => [2 * i, 2 * i + 1]);
  const figures = duplicateFigures(dataset({ identical: [...pairs, [50, 51, 52]] }));
  expect(figures.slice(0, 3).map(({ index }) => index)).toEqual([50, 51, 52]);
  expect(new Set(figures.map(({ cluster }) => cluster)).size).toBe(8);
});

test('near ones are shown once each, without their identical copies', () => {
  const figures = duplicateFigures(dataset({ identical: [[1, 2]], near: [[1, 2, 3]] }));
  expect(figures.map(({ kind, index }) => `${kind} ${index}`)).toEqual([
    'identical 1',
    'identical 2',
    'near 1',
    'near 3',
  ]);
});
