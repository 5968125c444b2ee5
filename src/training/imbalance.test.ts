import { expect, test } from '@jest/globals';
import { classWeights, resample } from './imbalance.ts';

// Samples 0–5 of class 0, 6–8 of class 1, 9 of class 2; sample 10 is not in the train part.
const labels = Int32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2]);
const train = Uint32Array.from({ length: 10 }, (_, i) => i);
const classes = ['happy', 'Sad', 'disgust'];

const countsOf = (indices: Uint32Array) =>
  [0, 1, 2].map((label) => [...indices].filter((i) => labels[i] === label).length);

test('balanced weights are samples / (classes × samples of the class) of the train part', () => {
  const weights = classWeights('balanced', train, labels, classes);
  expect([...weights]).toEqual([10 / 18, 10 / 9, 10 / 3].map(Math.fround));
});

test('a class that the train part lacks does not count', () => {
  const weights = classWeights('balanced', train.subarray(0, 9), labels, classes);
  expect([...weights]).toEqual([9 / 12, 9 / 6, 1].map(Math.fround));
});

test('weights are given by name without regard to case, or by index; the others are 1', () => {
  const weights = classWeights({ SAD: 2, '2': 5 }, train, labels, classes);
  expect([...weights]).toEqual([1, 2, 5]);
});

test('oversampling keeps every sample and draws copies up to the largest class', () => {
  const drawn = resample('oversample', train, labels, 3);
  expect(countsOf(drawn)).toEqual([6, 6, 6]);
  expect([...new Set(drawn)].sort((a, b) => a - b)).toEqual([...train]);
});

test('undersampling takes as many of each class as the smallest has, none twice', () => {
  const drawn = resample('undersample', train, labels, 3);
  expect(countsOf(drawn)).toEqual([1, 1, 1]);
  expect(new Set(drawn).size).toBe(3);
});

test('resampling follows the seed', () => {
  const drawn = (seed: number) => [...resample('oversample', train, labels, seed)];
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
});
