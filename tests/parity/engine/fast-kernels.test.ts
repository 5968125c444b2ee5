/** Fast kernels against TensorFlow in float64 (make_kernel_fixture.py) and against tfjs's own. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { fastKernels, installFastKernels } from '../../../src/engine/kernels/install.ts';
import { loadEngine } from '../../../src/engine/load.ts';

type Case = {
  inputs: { shape: number[]; values: number[] }[];
  y: number[];
  dy: number[];
  gradients: number[][];
};
const fixture: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./kernels.json', import.meta.url), 'utf8'),
).kernels;

const tf = await loadEngine();
const names = fastKernels.map(({ name }) => name);
const useStock = () => installFastKernels(tf, { except: names });
afterEach(useStock);

type Call = (...inputs: Tensor[]) => Tensor;
const pool =
  (size: number, padding: 'same' | 'valid'): Call =>
  (x) =>
    tf.maxPool(x as Parameters<typeof tf.maxPool>[0], size, 2, padding);
const matMul: Call = (a, b) => tf.matMul(a as Tensor, b as Tensor);
const add: Call = (a, b) => tf.add(a as Tensor, b as Tensor);

const calls: Record<string, Call> = {
  relu: (x) => tf.relu(x as Tensor),
  relu6: (x) => tf.relu6(x as Tensor),
  selu: (x) => tf.selu(x as Tensor),
  sigmoid: (x) => tf.sigmoid(x as Tensor),
  softplus: (x) => tf.softplus(x as Tensor),
  tanh: (x) => tf.tanh(x as Tensor),
  leaky_relu: (x) => tf.leakyRelu(x as Tensor, 0.2),
  bias: add,
  bias_of_one_row: add,
  matrix_product: matMul,
  matrix_product_of_one_row: matMul,
  matrix_product_of_many_rows: matMul,
  matrix_product_transposed: (a, b) => tf.matMul(a as Tensor, b as Tensor, true, true),
  max_pool_same: pool(2, 'same'),
  max_pool_valid: pool(2, 'valid'),
  max_pool_one: pool(2, 'same'),
  max_pool_overlapping: pool(3, 'same'),
};

const list = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);

function valueAndGradients(call: Call, inputs: Tensor[], dy: Tensor) {
  return { y: list(call(...inputs)), gradients: tf.grads(call)(inputs, dy).map(list) };
}

/** Relative to the largest expected value; NaN and infinities must stand at the same places. */
function expectClose(actual: number[], expected: number[], tolerance: number): void {
  const finite = expected.filter(Number.isFinite).map(Math.abs);
  const bound = tolerance * Math.max(1e-30, ...finite);
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i] ?? Number.NaN;
    if (Number.isFinite(wanted)) expect(Math.abs(value - wanted)).toBeLessThanOrEqual(bound);
    else expect(value).toBe(wanted);
  });
}

const runs = ['fast', 'stock'].flatMap((which) =>
  Object.keys(calls).map((name) => [which, name] as const),
);

test.each(runs)('%s: %s has the values and gradients of TensorFlow in float64', (which, name) => {
  if (which === 'fast') installFastKernels(tf);
  const c = fixture[name];
  if (!c) throw new Error(`no fixture for ${name}`);
  const inputs = c.inputs.map(({ values, shape }) => tf.tensor(values, shape));
  const call = calls[name] as Call; // runs are its keys
  const { y, gradients } = valueAndGradients(call, inputs, tf.tensor(c.dy, call(...inputs).shape));
  expectClose(y, c.y, 1e-6);
  gradients.forEach((gradient, i) => {
    expectClose(gradient, c.gradients[i] ?? [], 1e-5);
  });
});

test.each(Object.keys(calls))('%s treats NaN and infinity as tfjs does', (name) => {
  const call = calls[name] as Call; // of its own keys
  // The gradients of these at NaN are Keras's, not tfjs's: see the files of the kernels.
  const notNumber = /^(relu6?|leaky_relu|selu|max_pool.*)$/.test(name) ? 0.5 : Number.NaN;
  const special = [1, notNumber, -2, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY];
  const shapes = fixture[name]?.inputs.map(({ shape }) => shape) ?? [];
  const inputs = shapes.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, (_, i) => special[i % 6] ?? 0),
      shape,
    );
  });
  const dy = tf.ones(call(...inputs).shape);
  const stock = valueAndGradients(call, inputs, dy);
  installFastKernels(tf);
  const fast = valueAndGradients(call, inputs, dy);
  expectClose(fast.y, stock.y, 1e-6);
  fast.gradients.forEach((gradient, i) => {
    expectClose(gradient, stock.gradients[i] ?? [], 1e-5);
  });
});

test('gathering takes the rows that tfjs takes, and refuses an index that is not there', () => {
  const table = tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const rows = tf.tensor1d([2, 0, 2], 'int32');
  const take: Call = (x) => tf.gather(x as Tensor, rows);
  const dy = tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const stock = valueAndGradients(take, [table], dy);
  installFastKernels(tf);
  expect(valueAndGradients(take, [table], dy)).toEqual(stock);
  expect(() => tf.gather(table, tf.tensor1d([3], 'int32')).dataSync()).toThrow();
});

test('a kernel that is switched off is tfjs’s own again', () => {
  const kernelOf = (name: string) => tf.getKernel(name, tf.getBackend()).kernelFunc;
  const stock = kernelOf('Add');
  installFastKernels(tf);
  expect(kernelOf('Add')).not.toBe(stock);
  installFastKernels(tf, { except: ['bias'] });
  expect(kernelOf('Add')).toBe(stock);
  expect(() => installFastKernels(tf, { except: ['biass'] })).toThrow(/biass/);
});

test('pooling frees its workspaces, also of gradients that were never taken', () => {
  installFastKernels(tf);
  const x = tf.ones<import('@tensorflow/tfjs-node-gpu').Rank.R4>([2, 4, 4, 3]);
  const gradient = tf.grad((images) => tf.maxPool(images as typeof x, 2, 2, 'valid'));
  const unused = tf.grad((images) => {
    tf.maxPool(images as typeof x, 2, 2, 'valid');
    return tf.square(images);
  });
  gradient(x).dispose();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i += 1) unused(x).dispose();
  gradient(x).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
