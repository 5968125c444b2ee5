import { expect, test } from '@jest/globals';
import { correctedTTest } from './corrected-t-test.ts';
import { friedman, nemenyi } from './friedman.ts';
import { holm } from './holm.ts';
import { mcnemar } from './mcnemar.ts';

const sizes = (folds: number) => Array.from({ length: folds }, () => ({ test: 10, train: 80 }));

test('equal folds everywhere are no difference, unequal by the same amount are one', () => {
  expect(correctedTTest([0.5, 0.6], [0.5, 0.6], sizes(2))).toMatchObject({
    difference: 0,
    t: null,
    p: 1,
    effectSize: null,
    smallestDetectable: 0,
  });
  expect(correctedTTest([0.5, 0.5], [0.75, 0.75], sizes(2))).toMatchObject({
    difference: 0.25,
    p: 0,
    ci95: [0.25, 0.25],
  });
});

test('the difference is second minus first, and turning them round turns its sign alone', () => {
  const [a, b] = [
    [0.5, 0.6, 0.55],
    [0.6, 0.65, 0.7],
  ] as [number[], number[]];
  const forth = correctedTTest(a, b, sizes(3));
  const back = correctedTTest(b, a, sizes(3));
  expect(forth.difference).toBeCloseTo(0.1, 12);
  expect(back.p).toBeCloseTo(forth.p, 14);
  expect(back.ci95[0]).toBeCloseTo(-forth.ci95[1], 14);
});

test('the fewer samples are trained on, the wider the interval', () => {
  const [a, b] = [
    [0.5, 0.6, 0.55],
    [0.6, 0.65, 0.7],
  ] as [number[], number[]];
  const few = a.map(() => ({ test: 10, train: 20 }));
  expect(correctedTTest(a, b, few).se).toBeGreaterThan(correctedTTest(a, b, sizes(3)).se);
});

test('unequal numbers of folds are a bug', () => {
  expect(() => correctedTTest([0.5, 0.6], [0.5], sizes(2))).toThrow(/2 and 1 folds/);
});

test('McNemar counts only the samples that one alone got right', () => {
  const first = [true, true, false, false, true];
  const second = [true, false, false, true, false];
  expect(mcnemar(first, second)).toEqual({ onlyFirst: 2, onlySecond: 1, p: expect.closeTo(1, 12) });
});

test('ranks follow the direction of the metric, ties share', () => {
  const values = [
    [0.5, 0.7, 0.7],
    [0.4, 0.6, 0.5],
  ];
  expect(friedman(values, 'max').meanRanks).toEqual([3, 1.25, 1.75]);
  expect(friedman(values, 'min').meanRanks).toEqual([1, 2.75, 2.25]);
});

test('models that tie in every fold do not differ', () => {
  const result = friedman(
    [
      [0.5, 0.5, 0.5],
      [0.6, 0.6, 0.6],
    ],
    'max',
  );
  expect(result).toMatchObject({ chiSquare: null, p: 1 });
  expect(nemenyi(result.meanRanks, 2).p.flat()).toEqual(Array(9).fill(1));
});

test('Holm’s values keep their places and never fall below a smaller one', () => {
  expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
  expect(holm([])).toEqual([]);
});
