import { expect, test } from '@jest/globals';
import { scoreTwins } from './twins.ts';

/** Samples 0 … 5; the model says class 0 of even ones and class 1 of odd ones. */
const part = (test: readonly number[], train: readonly number[], labels: readonly number[]) => ({
  train: Uint32Array.from(train),
  predictions: {
    indices: Uint32Array.from(test),
    labels: Int32Array.from(test, (index) => labels[index] ?? -1),
    probabilities: Float64Array.from(test.flatMap((index) => (index % 2 ? [0.1, 0.9] : [1, 0]))),
    classes: ['even', 'odd'],
    loss: null,
  },
});
const labels = [0, 1, 0, 1, 1, 0]; // the last two are taken for the other

test('test pictures with a twin in train are counted apart, over all folds', () => {
  const identical = [[0, 3]];
  const near = [[1, 4]];
  const parts = [part([0, 1, 2], [3, 4, 5], labels), part([3, 4, 5], [0, 1, 2], labels)];
  expect(scoreTwins(6, { identical, near }, parts)).toEqual({
    identical: {
      with: { samples: 2, accuracy: 1 },
      without: { samples: 4, accuracy: 0.5 },
    },
    near: {
      with: { samples: 4, accuracy: 0.75 },
      without: { samples: 2, accuracy: 0.5 },
    },
  });
});

test('a twin in the validation part or in the test part itself is none', () => {
  const parts = [part([0, 3], [4, 5], labels)];
  expect(scoreTwins(6, { identical: [[0, 3, 1]], near: [] }, parts)).toBeUndefined();
});

test('where every test picture has one, there is no accuracy of the others', () => {
  const parts = [part([0], [1], labels)];
  expect(scoreTwins(6, { identical: [[0, 1]], near: [] }, parts)?.identical).toEqual({
    with: { samples: 1, accuracy: 1 },
    without: { samples: 0, accuracy: null },
  });
});
