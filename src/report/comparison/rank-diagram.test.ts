import { expect, test } from '@jest/globals';
import { groupsOf } from './rank-diagram.ts';

test('a bar of the rank diagram joins all that lie within the critical difference', () => {
  expect(groupsOf([1, 1.5, 2.9, 4], 1.5)).toEqual([
    [1, 1.5],
    [1.5, 2.9],
    [2.9, 4],
  ]);
  expect(groupsOf([1, 1.5, 2, 4], 1.5)).toEqual([[1, 2]]);
  expect(groupsOf([1, 3], 1)).toEqual([]);
});
