import { expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../engine/load.ts';
import { matrixPrecision, precisionNote } from './precision.ts';
import { evaluationRunner, stepRunner } from './traced-runner.ts';

const tf = await loadEngine({ device: 'cpu' });
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
const policy = { precision: 'mixed_bfloat16', model, onFallback: () => {} } as const;

test('a policy names what matrix ops compute in', () => {
  expect(matrixPrecision('float32')).toBeUndefined();
  expect(matrixPrecision('mixed_bfloat16')).toBe('bfloat16');
  expect(matrixPrecision('mixed_float16')).toBe('float16');
});

test('only mixed precision on a CPU is worth a note', () => {
  expect(precisionNote('mixed_float16', 0)).toMatch(/slower than float32/);
  expect(precisionNote('mixed_float16', 1)).toBeUndefined();
  expect(precisionNote('float32', 0)).toBeUndefined();
});

test('mixed precision op by op is an error that says what to do', () => {
  const message = /mixed_bfloat16 needs recorded graphs/;
  expect(() => stepRunner(tf, { ...policy, mode: 'eager' })).toThrow(message);
  const evaluation = { ...policy, mode: 'eager', worthwhile: true } as const;
  expect(() => evaluationRunner(tf, evaluation, () => [])).toThrow(message);
});

test('a step that cannot be recorded is an error instead of falling back', () => {
  const inputs = [tf.scalar(1)];
  const reading = (...[x]: Tensor[]) => [tf.scalar(x ? (tf.square(x).arraySync() as number) : 0)];
  const runner = stepRunner(tf, { ...policy, mode: 'auto' })(
    (...all) => [...reading(...all), tf.scalar(0)] as [Tensor, Tensor],
    reading,
  );
  const message = /training.precision is mixed_bfloat16, but the .* step cannot be recorded/;
  expect(() => runner.run(inputs)).toThrow(message);
  const evaluation = { ...policy, mode: 'auto', worthwhile: false } as const;
  expect(() => evaluationRunner(tf, evaluation, reading).run(inputs)).toThrow(message);
});

test('even few batches are predicted in the policy', () => {
  const dense = model.layers[0];
  dense?.setWeights([tf.tensor2d([[1.001]]), tf.tensor1d([0])]); // bfloat16 has 1 and 1.0078
  const options = { ...policy, mode: 'auto', worthwhile: false } as const;
  // One tensor goes in, so one comes out.
  const predict = (...[x]: Tensor[]) => [model.apply(x as Tensor) as Tensor];
  const runner = evaluationRunner(tf, options, predict);
  expect(runner.run([tf.ones([1, 1])])[0]?.dataSync()[0]).toBe(1);
  runner.dispose();
});
