import { expect, test } from '@jest/globals';
import { classWeights } from '../../../src/training/imbalance.ts';
import { largestDifference, readFixture } from './fixture.ts';

test("balanced class weights are scikit-learn's", () => {
  for (const { labels, weights } of readFixture<{ labels: number[]; weights: number[] }[]>(
    'class-weights.json',
  )) {
    const indices = Uint32Array.from(labels, (_, i) => i);
    const ours = classWeights('balanced', indices, Int32Array.from(labels), ['a', 'b', 'c', 'd']);
    expect(largestDifference(ours, weights, 1e-3)).toBeLessThan(1e-7);
  }
});
