import { expect, test } from '@jest/globals';
import type { Variable } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../engine/load.ts';
import { makeEvaluationStep } from './evaluation-step.ts';
import { createLossScale } from './loss-scale.ts';
import { trainableWeights } from './model-weights.ts';
import { createOptimizer } from './optimizers/optimizer.ts';
import { stepRunner } from './traced-runner.ts';
import { makeTrainStep } from './train-step.ts';

const tf = await loadEngine({ device: 'cpu' });

const loss = { type: 'categorical_crossentropy', label_smoothing: 0 } as const;
const clipping = { clipnorm: 1, weight_decay: 0.01 };
const moments = { epsilon: 1e-7, learning_rate: 0.01 };
/** Resource updates, plain assigns, and both after a plain assign. */
const optimizers = {
  adam: { type: 'adam', beta_1: 0.9, beta_2: 0.999, amsgrad: false, ...moments, ...clipping },
  amsgrad: { type: 'adam', beta_1: 0.9, beta_2: 0.999, amsgrad: true, ...moments, ...clipping },
  rmsprop: { type: 'rmsprop', rho: 0.9, momentum: 0, centered: true, ...moments },
  adagrad: { type: 'adagrad', initial_accumulator_value: 0.1, ...moments },
  momentum: { type: 'sgd', learning_rate: 0.01, momentum: 0.9, nesterov: true, weight_decay: 0.01 },
} as const;

/** A float16 step of a dense model whose kernel is beyond its constraint. */
function float16Step(name: keyof typeof optimizers) {
  const kernelConstraint = tf.constraints.maxNorm({ maxValue: 0.5 });
  const dense = { units: 3, activation: 'softmax', kernelConstraint } as const;
  const model = tf.sequential({ layers: [tf.layers.dense({ ...dense, inputShape: [4] })] });
  const weights = trainableWeights(model);
  weights[0]?.variable.assign(tf.mul(tf.ones([4, 3]), 0.7));
  const optimizer = createOptimizer(tf, optimizers[name], weights);
  const lossScale = createLossScale(tf);
  const prepare = <T>(stored: T) => stored;
  const step = makeTrainStep(tf, { model, loss, optimizer, weights, lossScale, prepare });
  const options = {
    mode: 'graph',
    precision: 'mixed_float16',
    model,
    onFallback: () => {},
  } as const;
  const evaluation = makeEvaluationStep(tf, model, loss, { decode: prepare });
  const runner = stepRunner(tf, options)(step, evaluation);
  const samples = tf.tensor2d(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * i)),
    [6, 4],
  );
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3).toFloat();
  const run = () => {
    const inputs = [samples, labels, tf.ones([6]), tf.scalar(0.01)];
    const value = runner.run(inputs)[0]?.dataSync()[0];
    runner.pull();
    return value;
  };
  const changed = [...weights.map(({ variable }) => variable), ...optimizer.variables.values()];
  const state = () => changed.map((variable) => [...variable.dataSync()]);
  // It has both of them.
  const scale = lossScale.variables.get('dynamic_scale') as Variable;
  return { run, runner, state, scale, scaleValue: () => scale.dataSync()[0] };
}

const names = Object.keys(optimizers) as (keyof typeof optimizers)[]; // its own keys

test.each(names)(
  '%s: an overflow skips the update and halves the scale, then it goes on',
  (name) => {
    const { run, runner, state, scale, scaleValue } = float16Step(name);
    scale.assign(tf.scalar(2 ** 20)); // gradients of about 0.2 then exceed float16's 65504
    const initial = state();
    const first = run();
    expect([scaleValue(), first]).toEqual([2 ** 19, expect.any(Number)]);
    expect(state()).toEqual(initial);
    for (let i = 0; i < 6; i += 1) expect(run()).toBeGreaterThan(0);
    expect(scaleValue()).toBeLessThan(2 ** 19);
    expect(state()).not.toEqual(initial);
    expect(run()).toBeLessThan(first ?? 0);
    runner.dispose();
  },
);

test('a step leaves no tensors behind', () => {
  const { run, runner } = float16Step('adam');
  const counted = () => {
    tf.tidy(() => void run());
    return tf.memory().numTensors;
  };
  const first = counted();
  expect([counted(), counted()]).toEqual([first, first]);
  runner.dispose();
});
