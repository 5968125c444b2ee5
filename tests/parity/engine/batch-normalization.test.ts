/** Batch normalization in training against TensorFlow in float64 (make_kernel_fixture.py). */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { trainBatchNormalization } from '../../../src/engine/kernels/batch-normalization.ts';
import { loadEngine } from '../../../src/engine/load.ts';

type Case = {
  shape: number[];
  scaled: boolean;
  x: number[];
  dy: number[];
  gamma: number[];
  beta: number[];
  y: number[];
  mean: number[];
  variance: number[];
  dx: number[];
  dgamma: number[];
  dbeta: number[];
};
const cases: Case[] = JSON.parse(
  readFileSync(new URL('./kernels.json', import.meta.url), 'utf8'),
).batch_normalization;

const epsilon = 0.001;
const tf = await loadEngine();

test.each(cases.map((c) => [c.shape.join('×'), c.scaled, c] as const))(
  '%s, scale and offset: %s, values and gradients are TensorFlow’s',
  (_shape, scaled, c) => {
    const x = tf.tensor(c.x, c.shape);
    const weights = scaled ? [tf.tensor1d(c.gamma), tf.tensor1d(c.beta)] : [];
    const forward = (images: Tensor, gamma?: Tensor, beta?: Tensor) =>
      trainBatchNormalization(tf, images, gamma, beta, epsilon);
    const { y, mean, variance } = forward(x, ...weights);
    expectClose(y, c.y, 1e-5);
    expectClose(mean, c.mean, 1e-6);
    expectClose(variance, c.variance, 1e-5);

    const gradients = tf.grads((...inputs: Tensor[]) => {
      const [images, gamma, beta] = inputs;
      if (!images) throw new Error('no input');
      return forward(images, gamma, beta).y;
    })([x, ...weights], tf.tensor(c.dy, c.shape));
    const expected = scaled ? [c.dx, c.dgamma, c.dbeta] : [c.dx];
    expected.forEach((values, i) => {
      const gradient = gradients[i];
      if (!gradient) throw new Error('no gradient');
      expectClose(gradient, values, 2e-5);
    });
  },
);

test('one value per channel is normalized to the offset, with variance 0', () => {
  const beta = tf.tensor1d([0.5, -1]);
  const x = tf.tensor4d([3, 4], [1, 1, 1, 2]);
  const { y, variance } = trainBatchNormalization(tf, x, tf.ones([2]), beta, epsilon);
  expectClose(y, [0.5, -1], 0);
  expectClose(variance, [0, 0], 0);
});

test('NaN stays in its channel', () => {
  const x = tf.tensor2d([
    [1, Number.NaN],
    [3, 2],
    [5, 7],
  ]);
  const { y, mean } = trainBatchNormalization(tf, x, undefined, undefined, epsilon);
  const lost = Array.from(y.dataSync(), Number.isNaN);
  expect(lost).toEqual([false, true, false, true, false, true]);
  expect(Array.from(mean.dataSync())).toEqual([3, Number.NaN]);
});

test('no tensor is left behind', () => {
  const x = tf.ones([4, 3]);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    trainBatchNormalization(tf, x, undefined, undefined, epsilon);
  });
  expect(tf.memory().numTensors).toBe(before);
});

/** `tolerance` is relative to the largest expected value, as rounding errors of sums are. */
function expectClose(actual: Tensor, expected: readonly number[], tolerance: number): void {
  const values = Array.from(actual.dataSync());
  const scale = Math.max(1e-30, ...expected.map(Math.abs));
  const errors = values.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) / scale);
  expect(values).toHaveLength(expected.length);
  expect(Math.max(...errors)).toBeLessThanOrEqual(tolerance);
}
