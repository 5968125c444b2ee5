import { expect, test } from '@jest/globals';
import { loadEngine } from '../engine/load.ts';
import { drawsAt } from './draws.ts';
import { mixBatch, mixingMask } from './mixing.ts';

const tf = await loadEngine({ device: 'cpu' });

test('a mixup mask is one share for the whole picture', () => {
  const mask = mixingMask({ mixup: { alpha: 0.5 } }, 4, 5, drawsAt(1, 'mixing'));
  expect(mask).toHaveLength(20);
  expect(new Set(mask).size).toBe(1);
});

test('a cutmix mask is one rectangle of zeros, whose mean size is that of the share', () => {
  let kept = 0;
  for (let batch = 0; batch < 400; batch++) {
    const mask = mixingMask({ cutmix: { alpha: 1 } }, 20, 20, drawsAt(1, 'mixing', batch));
    const zeros = [...mask.keys()].filter((place) => mask[place] === 0);
    const rows = zeros.map((place) => Math.floor(place / 20));
    const columns = zeros.map((place) => place % 20);
    const extent = (values: number[]) => Math.max(...values) - Math.min(...values) + 1;
    if (zeros.length > 0) expect(extent(rows) * extent(columns)).toBe(zeros.length);
    expect(new Set(mask).size).toBeLessThanOrEqual(2);
    kept += 1 - zeros.length / 400;
  }
  // Half stays before the borders cut rectangles off; with that a little more.
  expect(kept / 400).toBeGreaterThan(0.5);
  expect(kept / 400).toBeLessThan(0.75);
});

test('pictures and labels are mixed with the batch in reverse order by the same share', () => {
  const images = tf.tensor4d([0, 10, 20], [3, 1, 1, 1]);
  const labels = tf.tensor2d([1, 0, 0, 1, 0, 1], [3, 2]);
  const mask = tf.tensor4d([0.75], [1, 1, 1, 1]);
  const mixed = mixBatch(tf, images, labels, mask);
  expect([...mixed.images.dataSync()]).toEqual([5, 10, 15]);
  expect([...mixed.labels.dataSync()]).toEqual([0.75, 0.25, 0, 1, 0.25, 0.75]);
});
