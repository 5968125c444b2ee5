import { expect, test } from '@jest/globals';
import type { ImageReader } from '../dataset/open-images.ts';
import { loadEngine } from '../engine/load.ts';
import { imageInput } from './input-source.ts';
import { evaluate, predict } from './predict.ts';

const tf = await loadEngine({ device: 'cpu' });

/** Three pictures of 1 × 2 pixels with three channels, in memory. */
const pixels = Uint8Array.from({ length: 18 }, (_, i) => i * 10);
const reader: ImageReader = {
  shape: { height: 1, width: 2, channels: 3 },
  read: (indices) =>
    Uint8Array.from([...indices].flatMap((i) => [...pixels.subarray(i * 6, i * 6 + 6)])),
  close: () => {},
};

test('channels are reversed, centred and scaled, in this order', () => {
  const transform = { mean: [1, 2, 3], scale: [1, 0.5, 0.25], reverse_channels: true };
  const input = imageInput(tf, reader, transform);
  const batch = input.decode(input.read(Uint32Array.of(1, 0)));
  expect(batch.shape).toEqual([2, 1, 2, 3]);
  const first = [80, 70, 60, 110, 100, 90];
  const expected = first.map((value, i) => (value - (1 + (i % 3))) / 2 ** (i % 3));
  expect([...batch.dataSync()].slice(0, 6)).toEqual(expected);
  expect(input.valueRange).toEqual([-1, 254]);
});

test('pictures as they are stored come as float32', () => {
  const transform = { mean: [0, 0, 0], scale: [1, 1, 1], reverse_channels: false };
  const input = imageInput(tf, reader, transform);
  const batch = input.decode(input.read(Uint32Array.of(2)));
  expect(batch.dtype).toBe('float32');
  expect([...batch.dataSync()]).toEqual([120, 130, 140, 150, 160, 170]);
});

test('a softmax that is a layer of its own is evaluated', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 2, 3] }),
      tf.layers.dense({ units: 4, kernelInitializer: 'zeros' }),
      tf.layers.activation({ activation: 'softmax' }),
    ],
  });
  const transform = { mean: [0, 0, 0], scale: [1, 1, 1], reverse_channels: false };
  const input = imageInput(tf, reader, transform);
  const samples = { indices: Uint32Array.of(0, 1), labels: Int32Array.of(0, 3) };
  const { loss } = evaluate(tf, model, input, samples, { batchSize: 2 });
  expect(loss).toBeCloseTo(Math.log(4), 6);
});

test('predictions follow the order of the indices, whatever the batch size', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 2, 3] }),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
  const transform = { mean: [0, 0, 0], scale: [0.01, 0.01, 0.01], reverse_channels: false };
  const input = imageInput(tf, reader, transform);
  const all = predict(tf, model, input, Uint32Array.of(0, 1, 2), { batchSize: 2 });
  const some = predict(tf, model, input, Uint32Array.of(2, 0), { batchSize: 1 });
  const expected = [...all.subarray(8, 12), ...all.subarray(0, 4)];
  // Kernels for another batch size may add in another order.
  some.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? 0, 6);
  });
  expect(all.slice(0, 4).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
});

test('a sigmoid unit becomes two columns that add up to 1', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 2, 3] }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  const transform = { mean: [0, 0, 0], scale: [0.01, 0.01, 0.01], reverse_channels: false };
  const input = imageInput(tf, reader, transform);
  const both = predict(tf, model, input, Uint32Array.of(1), { batchSize: 8 });
  expect(both).toHaveLength(2);
  expect((both[0] ?? 0) + (both[1] ?? 0)).toBe(1);
});

test.each(['eager', 'graph'] as const)('%s evaluation leaves out what fills up batches', (mode) => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 2, 3] }),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
  const transform = { mean: [5, 5, 5], scale: [0.01, 0.02, 0.03], reverse_channels: true };
  const input = imageInput(tf, reader, transform);
  const indices = Uint32Array.of(2, 0, 1);
  const labels = Int32Array.of(3, 1, 0);
  const { loss, probabilities } = evaluate(
    tf,
    model,
    input,
    { indices, labels },
    {
      ...{ batchSize: 2, mode },
    },
  );
  const expected = [...labels].map((label, row) => -Math.log(probabilities[row * 4 + label] ?? 0));
  expect(probabilities).toHaveLength(12);
  expect(loss).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / 3, 5);
  const whole = predict(tf, model, input, indices, { batchSize: 3, mode: 'eager' });
  probabilities.forEach((value, i) => {
    expect(value).toBeCloseTo(whole[i] ?? 0, 6);
  });
});
