import { beforeAll, expect, test } from '@jest/globals';
import type { Engine } from '../engine/engine.ts';
import { loadEngine } from '../engine/load.ts';
import { type InitializerConfig, initialValue } from './initializers.ts';

let tf: Engine;
beforeAll(async () => {
  tf = await loadEngine({ device: 'cpu' });
});

const drawn = (config: InitializerConfig, shape: number[], seed = 1): number[] =>
  Array.from(tf.tidy(() => initialValue(tf, config, shape, [seed, 0])).dataSync());

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

// 3×3 kernel of 64 channels and 128 filters: fan_in 576, fan_out 1152 (Keras: compute_fans).
const kernel = [3, 3, 64, 128];

test.each<[InitializerConfig, number, number]>([
  ['glorot_uniform', Math.sqrt(6 / 1728), Math.sqrt(2 / 1728)],
  ['he_uniform', Math.sqrt(6 / 576), Math.sqrt(2 / 576)],
  ['lecun_uniform', Math.sqrt(3 / 576), Math.sqrt(1 / 576)],
  // Truncated at two standard deviations of the underlying normal, which is wider by 1/0.8796.
  ['glorot_normal', (2 * Math.sqrt(2 / 1728)) / 0.8796256610342398, Math.sqrt(2 / 1728)],
  ['he_normal', (2 * Math.sqrt(2 / 576)) / 0.8796256610342398, Math.sqrt(2 / 576)],
  ['lecun_normal', (2 * Math.sqrt(1 / 576)) / 0.8796256610342398, Math.sqrt(1 / 576)],
  [{ type: 'random_uniform', minval: -0.2, maxval: 0.2 }, 0.2, 0.4 / Math.sqrt(12)],
  [{ type: 'random_normal', stddev: 0.3 }, Number.POSITIVE_INFINITY, 0.3],
  [
    { type: 'variance_scaling', scale: 3, mode: 'fan_out', distribution: 'uniform' },
    Math.sqrt(9 / 1152),
    Math.sqrt(3 / 1152),
  ],
])('%p has Keras’s limits and deviation', (config, limit, expected) => {
  const values = drawn(config, kernel);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit * (1 + 1e-6));
  // 73,728 draws: a deviation is off by 0.3 % at one sigma.
  expect(Math.abs(deviation(values) / expected - 1)).toBeLessThan(0.015);
});

test('constants are what they say', () => {
  expect(drawn('zeros', [2])).toEqual([0, 0]);
  expect(drawn('ones', [2])).toEqual([1, 1]);
  expect(drawn({ type: 'constant', value: 0.5 }, [2])).toEqual([0.5, 0.5]);
  expect(drawn({ type: 'identity', gain: 2 }, [2, 2])).toEqual([2, 0, 0, 2]);
});

test.each([[[6, 4]], [[4, 6]]])('orthogonal of %p has rows or columns at right angles', (shape) => {
  const matrix = tf.tensor2d(drawn('orthogonal', shape), [shape[0] ?? 0, shape[1] ?? 0]);
  const isTall = (shape[0] ?? 0) > (shape[1] ?? 0);
  const product = tf.matMul(matrix, matrix, isTall, !isTall);
  expect(tf.max(tf.abs(tf.sub(product, tf.eye(4)))).dataSync()[0]).toBeLessThan(1e-5);
});

test('the same seed draws the same, another one something else', () => {
  expect(drawn('he_normal', [4, 4])).toEqual(drawn('he_normal', [4, 4]));
  expect(drawn('he_normal', [4, 4])).not.toEqual(drawn('he_normal', [4, 4], 2));
});
