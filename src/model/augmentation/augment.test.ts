import { beforeAll, expect, test } from '@jest/globals';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { loadEngine } from '../../engine/load.ts';
import { seedRandomStream } from '../../engine/random.ts';
import { augment } from './augment.ts';
import { cropRandomly } from './crop-and-erase.ts';
import { type AugmentationConfig, augmentations } from './index.ts';

let tf: Engine;
beforeAll(async () => {
  tf = await loadEngine({ device: 'cpu' });
});

const every: readonly AugmentationConfig[] = [
  { type: 'random_flip' },
  { type: 'random_rotation', factor: 0.1 },
  { type: 'random_zoom', height_factor: 0.2 },
  { type: 'random_translation', height_factor: 0.2, width_factor: 0.2 },
  { type: 'random_contrast', factor: 0.4 },
  { type: 'random_brightness', factor: 0.4 },
  { type: 'random_crop', height: 6, width: 7 },
  { type: 'random_erasing' },
];

const images = (): Tensor4D => tf.randomUniform([16, 8, 9, 2], 0, 1, 'float32', 5) as Tensor4D;
const valuesOf = (batch: Tensor4D): number[] => Array.from(batch.dataSync());

test('every augmentation is tried here', () => {
  expect(every.map(({ type }) => type).sort()).toEqual(Object.keys(augmentations).sort());
});

test.each(every.map((config) => [config.type, config] as const))(
  '%s changes images, keeps shape and range, and repeats from its seed',
  (_type, config) => {
    const batch = images();
    const run = (): number[] => valuesOf(augment(tf, [config], batch));
    seedRandomStream(tf, 11);
    const first = run();
    const second = run();
    seedRandomStream(tf, 11);
    expect(run()).toEqual(first);
    expect(second).not.toEqual(first);
    expect(first).not.toEqual(valuesOf(batch));
    expect(augment(tf, [config], batch).shape).toEqual(batch.shape);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(-1e-6);
    expect(Math.max(...first)).toBeLessThanOrEqual(1 + 1e-6);
  },
);

test('the images of a batch are changed by draws of their own', () => {
  const one = tf.randomUniform([1, 8, 9, 1], 0, 1) as Tensor4D;
  const same = tf.concat([one, one, one, one, one, one], 0);
  for (const config of every) {
    const results = tf.unstack(augment(tf, [config], same)).map((x) => x.dataSync().join());
    expect(new Set(results).size).toBeGreaterThan(1);
  }
});

test('random_flip mirrors about half of the images and leaves the others', () => {
  seedRandomStream(tf, 3);
  const batch = tf.tensor4d(
    Array.from({ length: 400 }, (_, i) => i % 2),
    [200, 1, 2, 1],
  );
  const flipped = valuesOf(augment(tf, [{ type: 'random_flip', mode: 'horizontal' }], batch));
  const share = flipped.filter((value, index) => index % 2 === 0 && value === 1).length / 200;
  // Five standard deviations of 200 coins.
  expect(Math.abs(share - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 200));
});

test('an entry that names classes changes their images only', () => {
  const batch = tf.ones([4, 3, 3, 1]) as Tensor4D;
  const config: AugmentationConfig = {
    type: 'random_brightness',
    factor: [-0.5, -0.5],
    classes: ['disgust'],
  };
  const isOf = (classes: readonly string[]) => {
    expect(classes).toEqual(['disgust']);
    return tf.tensor1d([true, false, false, true]);
  };
  const means = tf.mean(augment(tf, [config], batch, { isOf }), [1, 2, 3]);
  expect(Array.from(means.dataSync())).toEqual([0.5, 1, 1, 0.5]);
});

test('brightness follows the range of the pixels', () => {
  const batch = tf.fill([1, 1, 1, 1], 100) as Tensor4D;
  const config: AugmentationConfig = { type: 'random_brightness', factor: [0.1, 0.1] };
  expect(valuesOf(augment(tf, [config], batch, { valueRange: [0, 255] }))).toEqual([125.5]);
});

test('random_erasing covers its share of an image with the given value', () => {
  const batch = tf.ones([64, 40, 40, 1]) as Tensor4D;
  const config: AugmentationConfig = {
    type: 'random_erasing',
    factor: [1, 1],
    scale: [0.25, 0.25],
    fill_value: 0,
  };
  const means = Array.from(tf.mean(augment(tf, [config], batch), [1, 2, 3]).dataSync());
  // A 20×20 patch of 1,600 pixels; an edge may fall between two pixels.
  for (const mean of means) expect(Math.abs(mean - 0.75)).toBeLessThan(0.03);
});

test('a random crop is a window of the image, pixel by pixel, at differing places', () => {
  const ramps = tf.tile(tf.reshape(tf.range(0, 30), [1, 5, 6, 1]), [20, 1, 1, 1]) as Tensor4D;
  const random = seedRandomStream(tf, 2);
  const windows = cropRandomly({ tf, images: ramps, random, valueRange: [0, 1] }, 2, 3);
  const starts = tf.unstack(windows).map((window) => {
    const values = Array.from(window.dataSync(), (value) => Math.round(value * 1e4) / 1e4);
    const [start = Number.NaN] = values;
    expect(values).toEqual([0, 1, 2, 6, 7, 8].map((step) => start + step));
    return start;
  });
  expect(new Set(starts).size).toBeGreaterThan(3);
  // The last place in a row of 6 for a window of 3 is 3.
  for (const start of starts) expect(start % 6).toBeLessThanOrEqual(3);
});

test('augmenting leaves no tensors but its result', () => {
  const batch = images();
  augment(tf, every, batch).dispose();
  const before = tf.memory().numTensors;
  augment(tf, every, batch).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
