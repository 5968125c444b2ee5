import { expect, test } from '@jest/globals';
import { loadEngine } from '../engine/load.ts';
import { makeAugmentation } from './augmentation.ts';
import { labelTensor } from './batches.ts';

const tf = await loadEngine({ device: 'cpu' });

/** Four pictures of one pixel, of the classes 0, 1, 2, 1. */
const images = tf.tensor4d([0.5, 0.5, 0.5, 0.5], [4, 1, 1, 1]);
const brighter = { type: 'random_brightness', factor: [0.25, 0.25], classes: ['B'] } as const;

test.each([
  [3, ['a', 'b', 'c'], [0, 1, 2, 1]],
  [1, ['a', 'b'], [0, 1, 0, 1]],
])('with %d output units only pictures of the named classes change', (units, classes, labels) => {
  const augment = makeAugmentation(tf, [brighter], classes, [0, 1]);
  const changed = augment(images, labelTensor(tf, labels, units));
  expect([...changed.dataSync()]).toEqual([0.5, 0.75, 0.5, 0.75]);
});

test('values stay in the range of the pixels', () => {
  const all = { type: 'random_brightness', factor: [0.5, 0.5] } as const;
  const augment = makeAugmentation(tf, [all], ['a', 'b'], [-1, 1]);
  const changed = augment(images, labelTensor(tf, [0, 0, 1, 1], 2));
  expect([...changed.dataSync()]).toEqual([1, 1, 1, 1]);
});
