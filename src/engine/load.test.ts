import { expect, test } from '@jest/globals';
import { describeEngine, loadEngine } from './load.ts';

test('the engine computes', async () => {
  const tf = await loadEngine();
  const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
  expect(Array.from(await product.data())).toEqual([11]);
});

test('the engine says what it is', async () => {
  const info = describeEngine(await loadEngine());
  expect(info.tensorflow).toMatch(/^2\.\d+\.\d+/);
  expect(info.threads).toBeGreaterThan(0);
  expect(info.deterministic).toBe(info.device === 'cpu');
});

test('a GPU that is not there is an error of the environment', async () => {
  const { device } = describeEngine(await loadEngine());
  const asked = loadEngine({ device: 'gpu' });
  if (device === 'gpu') await expect(asked).resolves.toBeDefined();
  else await expect(asked).rejects.toMatchObject({ code: 'GPU' });
});
