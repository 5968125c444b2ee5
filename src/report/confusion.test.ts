import { expect, test } from '@jest/globals';
import { averageShares } from './confusion.ts';

test('rows are divided by their sums before the mean, so that large folds weigh no more', () => {
  const shares = averageShares([
    [
      [1, 1],
      [0, 4],
    ],
    [
      [100, 0],
      [1, 3],
    ],
  ]);
  expect(shares).toEqual([
    [0.75, 0.25],
    [0.125, 0.875],
  ]);
});

test('a class without samples in a fold does not count there; without any it has no share', () => {
  expect(
    averageShares([
      [
        [2, 2],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]),
  ).toEqual([
    [0.5, 0.5],
    [null, null],
  ]);
});
