import { expect, test } from '@jest/globals';
import { randomState } from './mt19937.ts';

// numpy.random.RandomState(seed): .permutation(10), then .choice(10, 3, replace=False)
test.each([
  [
    42,
    [
      [8, 1, 5, 0, 7, 2, 9, 4, 3, 6],
      [0, 1, 8],
    ],
  ],
  [
    0,
    [
      [2, 8, 4, 9, 1, 6, 7, 3, 0, 5],
      [3, 5, 1],
    ],
  ],
  [
    4294967295,
    [
      [6, 9, 5, 1, 8, 0, 7, 4, 2, 3],
      [9, 0, 3],
    ],
  ],
])('seed %i draws what NumPy draws', (seed, [permutation, choice]) => {
  const random = randomState(seed);
  expect([...random.permutation(10)]).toEqual(permutation);
  expect([...random.choose([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3)]).toEqual(choice);
});

test('a shuffle of 2,000 uses more than one block of the generator, as NumPy does', () => {
  const shuffled = randomState(7).permutation(2000);
  expect([...shuffled.subarray(0, 5), ...shuffled.subarray(1995)]).toEqual([
    1072, 1048, 204, 694, 1758, 1603, 502, 537, 1220, 175,
  ]);
});
