import { expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../../../src/engine/load.ts';
import { labelTensor } from '../../../src/training/batches.ts';
import { type LossConfig, lossPerSample, lossSchema } from '../../../src/training/losses/index.ts';
import { largestDifference, readFixture, withDefaults } from './fixture.ts';

type Case = {
  type: string;
  options: Record<string, unknown>;
  logits: number[];
  units: number;
  labels: number[];
  per_sample: number[];
  gradient: number[];
  weighted: number;
};

const tf = await loadEngine({ device: 'cpu' });
const fixture = readFixture<{ weights: number[]; cases: Case[] }>('losses.json');

test.each(fixture.cases.map((one) => [one.type, JSON.stringify(one.options), one] as const))(
  "%s %s has Keras's values, gradients and weighted mean",
  (type, _name, { options, logits: values, units, labels, ...expected }) => {
    const config = withDefaults<LossConfig>(lossSchema, { type, ...options });
    const targets = labelTensor(tf, labels, units);
    const each = (logits: Tensor) => {
      const outputs = units === 1 ? tf.sigmoid(logits) : tf.softmax(logits);
      return lossPerSample(tf, config, { labels: targets, outputs, logits });
    };
    const logits = tf.tensor2d(values, [labels.length, units]);
    expect(largestDifference(each(logits).dataSync(), expected.per_sample, 1e-2)).toBeLessThan(
      1e-5,
    );
    const gradient = tf.grad((x: Tensor) => tf.sum(each(x)))(logits);
    expect(largestDifference(gradient.dataSync(), expected.gradient, 1e-2)).toBeLessThan(1e-5);
    const weighted = tf.mean(tf.mul(each(logits), tf.tensor1d(fixture.weights)));
    expect(largestDifference(weighted.dataSync(), [expected.weighted], 1e-2)).toBeLessThan(1e-5);
  },
);
