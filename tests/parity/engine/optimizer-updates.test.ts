/** Optimizer updates against Keras 3 in float64 (make_kernel_fixture.py). */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../../src/engine/engine.ts';
import {
  applyAdadelta,
  applyAdagrad,
  applyAdam,
  applyAdamax,
  applyGradientDescent,
  applyMomentum,
  applyRmsprop,
  type Gradient,
} from '../../../src/engine/kernels/optimizer-updates.ts';
import { loadEngine } from '../../../src/engine/load.ts';

type Fixture = {
  start: number[];
  gradients: number[][];
  cases: Record<string, number[][]>;
};
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('./kernels.json', import.meta.url), 'utf8'),
).optimizers;

const shape: [number, number] = [3, 2];
const tf = await loadEngine();

type Step = (gradient: Gradient) => void;

/** Each case makes its slots and gives the update of one step. */
const cases: Record<string, (tf: Engine, variable: Variable) => Step> = {
  gradient_descent: (tf, variable) => (g) =>
    applyGradientDescent(tf, { variable, learningRate: 0.05 }, g),
  momentum: momentumCase(false),
  nesterov: momentumCase(true),
  adam: (tf, variable) => {
    const [m, v] = [slot(), slot()];
    const [beta1Power, beta2Power] = [number(0.9), number(0.999)];
    const learningRate = number(0.01);
    return (g) => {
      const powers = { beta1Power, beta2Power, learningRate };
      const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
      applyAdam(tf, { variable, m, v, ...powers, ...constants }, g);
      multiply(beta1Power, 0.9);
      multiply(beta2Power, 0.999);
    };
  },
  adamax: (tf, variable) => {
    const [m, u, beta1Power] = [slot(), slot(), number(0.9)];
    const constants = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    return (g) => {
      applyAdamax(tf, { variable, m, u, beta1Power, ...constants }, g);
      multiply(beta1Power, 0.9);
    };
  },
  adadelta: (tf, variable) => {
    const slots = { accumulatedGradient: slot(), accumulatedStep: slot() };
    const constants = { learningRate: 0.5, rho: 0.95, epsilon: 1e-7 };
    return (g) => applyAdadelta(tf, { variable, ...slots, ...constants }, g);
  },
  adagrad: (tf, variable) => {
    const accumulator = slot(0.1);
    const constants = { learningRate: 0.05, epsilon: 1e-7 };
    return (g) => applyAdagrad(tf, { variable, accumulator, ...constants }, g);
  },
  rmsprop: rmspropCase(0, false),
  rmsprop_momentum: rmspropCase(0.9, false),
  rmsprop_centered: rmspropCase(0, true),
  rmsprop_centered_momentum: rmspropCase(0.9, true),
};

function momentumCase(nesterov: boolean) {
  return (tf: Engine, variable: Variable): Step => {
    const options = { velocity: slot(), learningRate: 0.05, momentum: 0.9, nesterov };
    return (g) => applyMomentum(tf, { variable, ...options }, g);
  };
}

function rmspropCase(momentum: number, centered: boolean) {
  return (tf: Engine, variable: Variable): Step => {
    const slots = {
      velocity: slot(),
      momentumSlot: momentum > 0 ? slot() : undefined,
      averageGradient: centered ? slot() : undefined,
    };
    const constants = { learningRate: 0.01, rho: 0.9, momentum, epsilon: 1e-7 };
    return (g) => applyRmsprop(tf, { variable, ...slots, ...constants }, g);
  };
}

const slot = (value = 0): Variable => tf.variable(tf.fill(shape, value), false);
const number = (value: number): Variable => tf.variable(tf.scalar(value), false);
const multiply = (variable: Variable, by: number): void =>
  tf.tidy(() => variable.assign(tf.mul(variable, by)));

test('the cases are those of the fixture', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(fixture.cases).sort());
});

test.each(Object.keys(cases))('%s follows Keras over five steps', (name) => {
  const variable = tf.variable(tf.tensor2d(fixture.start, shape));
  const step = cases[name]?.(tf, variable);
  fixture.gradients.forEach((values, i) => {
    const gradient = tf.tensor2d(values, shape);
    step?.(gradient);
    gradient.dispose();
    expectClose(variable, fixture.cases[name]?.[i] ?? [], 2e-6);
  });
});

test.each(Object.keys(cases))('%s does nothing without a gradient', (name) => {
  const variable = tf.variable(tf.tensor2d(fixture.start, shape));
  const before = Array.from(variable.dataSync());
  cases[name]?.(tf, variable)(null);
  expect(Array.from(variable.dataSync())).toEqual(before);
});

test('a clone keeps the values from before the update', () => {
  const variable = tf.variable(tf.tensor2d(fixture.start, shape));
  const gradient = tf.ones(shape);
  const options = { variable, learningRate: 1 };
  applyGradientDescent(tf, options, gradient);
  const clone = variable.clone();
  const before = Array.from(variable.dataSync());
  applyGradientDescent(tf, options, gradient);
  expect(Array.from(clone.dataSync())).toEqual(before);
  expect(Array.from(variable.dataSync())).not.toEqual(before);
});

test('an assignment between two updates counts', () => {
  const variable = tf.variable(tf.zeros(shape));
  const options = { variable, learningRate: 1 };
  applyGradientDescent(tf, options, tf.ones(shape));
  variable.assign(tf.fill(shape, 10));
  applyGradientDescent(tf, options, tf.ones(shape));
  expectClose(variable, [9, 9, 9, 9, 9, 9], 0);
});

test('updates leave no tensors behind', () => {
  const variable = tf.variable(tf.zeros(shape));
  const options = { variable, velocity: slot(), learningRate: 1, momentum: 0.9, nesterov: false };
  const gradient = tf.ones(shape);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i += 1) applyMomentum(tf, options, gradient);
  expect(tf.memory().numTensors).toBe(before);
});

test('a gradient of another shape is refused and leaves the variable as it was', () => {
  const variable = tf.variable(tf.ones(shape));
  const update = () => applyGradientDescent(tf, { variable, learningRate: 1 }, tf.ones([2, 2]));
  expect(update).toThrow();
  expectClose(variable, [1, 1, 1, 1, 1, 1], 0);
});

function expectClose(actual: Tensor, expected: readonly number[], tolerance: number): void {
  const values = Array.from(actual.dataSync());
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => {
    const wanted = expected[i] ?? Number.NaN;
    expect(Math.abs(value - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
  });
}
