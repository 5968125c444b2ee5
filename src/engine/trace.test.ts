import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from '@jest/globals';
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { applyAdam, applyGradientDescent } from './kernels/optimizer-updates.ts';
import { loadEngine } from './load.ts';
import { executeOne } from './op.ts';
import { randomStream, seedRandomStream } from './random.ts';
import { type TracedFunction, TraceError, traceFunction } from './trace.ts';

const tf = await loadEngine();
const traced: TracedFunction[] = [];
afterEach(() => {
  for (const each of traced.splice(0)) each.dispose();
});

function trace(
  ...args: Parameters<typeof traceFunction> extends [unknown, ...infer R] ? R : never
) {
  const made = traceFunction(tf, ...args);
  traced.push(made);
  return made;
}

const list = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);
const counter = (): Variable => tf.variable(tf.scalar(1), false);

test('a graph computes what the function computes', () => {
  const double = trace(([x]) => [tf.mul(x as Tensor, 2)], [tf.tensor1d([1, 2])]);
  expect(list(double.run([tf.tensor1d([5, 7])])[0])).toEqual([10, 14]);
});

test('another shape is traced when it is first seen, and the variables go on', () => {
  const total = counter();
  const add = trace(
    ([x]) => {
      total.assign(tf.add(total, tf.sum(x as Tensor)));
      return [total];
    },
    [tf.zeros([3])],
  );
  expect(list(add.run([tf.ones([3])])[0])).toEqual([4]);
  expect(list(add.run([tf.ones([2])])[0])).toEqual([6]);
  expect(list(add.run([tf.ones([3])])[0])).toEqual([9]);
});

test('tracing leaves variables, random stream and tensors as they were', () => {
  const stream = seedRandomStream(tf, 7);
  const weight = counter();
  const before = { weight: list(weight), stream: list(stream.state) };
  const tensors = tf.memory().numTensors;
  const step = traceFunction(tf, () => {
    weight.assign(tf.mul(weight, tf.reshape(stream.uniform([1]), [])));
    applyGradientDescent(tf, { variable: weight, learningRate: 1 }, tf.scalar(1));
    return [weight];
  }, []);
  expect({ weight: list(weight), stream: list(stream.state) }).toEqual(before);
  expect(tf.memory().numTensors).toBe(tensors);
  step.dispose();
});

test('pull and push carry variables between tfjs and the graph', () => {
  const count = counter();
  const step = trace(() => {
    count.assign(tf.add(count, 1));
    return [];
  }, []);
  step.run([]);
  step.run([]);
  expect(list(count)).toEqual([1]);
  step.pull();
  expect(list(count)).toEqual([3]);
  step.run([]);
  expect(list(count)).toEqual([3]); // pulled values do not follow
  count.assign(tf.scalar(10));
  step.pushVariables([count]);
  step.run([]);
  step.pull([count]);
  expect(list(count)).toEqual([11]);
});

test('functions traced with one another share variables at once', () => {
  const weight = counter();
  const step = trace(() => {
    weight.assign(tf.mul(weight, 2));
    return [];
  }, []);
  step.run([]);
  const predict = trace(([x]) => [tf.mul(x as Tensor, weight)], [tf.scalar(1)], { with: step });
  step.run([]);
  expect(list(predict.run([tf.scalar(10)])[0])).toEqual([40]);
  step.dispose();
  expect(list(predict.run([tf.scalar(10)])[0])).toEqual([40]);
});

test('an update is seen by what comes after it in the call, not by what came before', () => {
  const weight = counter();
  const step = trace(() => {
    const before = weight.clone();
    const doubled = tf.mul(weight, 2);
    applyGradientDescent(tf, { variable: weight, learningRate: 1 }, tf.scalar(-4));
    const between = tf.mul(weight, 1);
    weight.assign(tf.mul(weight, 10));
    applyGradientDescent(tf, { variable: weight, learningRate: 1 }, tf.scalar(-1));
    return [before, doubled, between, weight];
  }, []);
  expect(step.run([]).map((t) => list(t)[0])).toEqual([1, 2, 5, 51]);
  expect(step.run([]).map((t) => list(t)[0])).toEqual([51, 102, 55, 551]);
});

test('a variable that starts as another one’s tensor stays its own', () => {
  const weight = counter();
  const average = tf.variable(weight, false);
  const step = trace(() => {
    weight.assign(tf.add(weight, 1));
    return [weight, average];
  }, []);
  step.run([]);
  expect(step.run([]).map((t) => list(t)[0])).toEqual([3, 1]);
});

test('a learning rate in a variable takes effect once pushed', () => {
  const [weight, learningRate] = [counter(), counter()];
  const step = trace(() => {
    applyGradientDescent(tf, { variable: weight, learningRate }, tf.scalar(1));
    return [weight];
  }, []);
  expect(list(step.run([])[0])).toEqual([0]);
  learningRate.assign(tf.scalar(0.5));
  step.pushVariables([learningRate]);
  expect(list(step.run([])[0])).toEqual([-0.5]);
});

test('draws of the random stream differ from step to step and are those of eager steps', () => {
  const stream = seedRandomStream(tf, 3);
  const draw = trace(() => [stream.uniform([4])], []);
  const inGraph = [draw.run([]), draw.run([])].map(([t]) => list(t));
  const eager = [stream.uniform([4]), stream.uniform([4])].map(list);
  expect(inGraph).toEqual(eager);
  expect(inGraph[0]).not.toEqual(inGraph[1]);
  draw.pull();
  expect(list(randomStream(tf).state)).toEqual([3, 2]);
});

const refused: [string, () => Tensor[], RegExp][] = [
  ['draws with Math.random', () => [tf.randomUniform([20])], /differ from one call to the next/],
  ['reads a tensor back', () => [tf.scalar(list(tf.add(1, 1))[0] ?? 0)], /reads a tensor back/],
  ['captures a tensor', () => [tf.add(outside, 1)], /neither an input, nor a variable/],
  ['creates a variable', () => [tf.variable(tf.scalar(1))], /creates a variable/],
  ['makes strings', () => [tf.tensor(['a'])], /strings/],
];
const outside = tf.add(tf.scalar(1), 1);

test.each(refused)('a function that %s is refused', (_what, call, reason) => {
  const weight = counter();
  const registered = Object.keys(tf.engine().registeredVariables).length;
  const step = () => {
    weight.assign(tf.scalar(5));
    return call();
  };
  expect(() => traceFunction(tf, step, [])).toThrow(reason);
  expect(() => traceFunction(tf, step, [])).toThrow(TraceError);
  expect(list(weight)).toEqual([1]);
  expect(Object.keys(tf.engine().registeredVariables)).toHaveLength(registered);
  expect(list(tf.add(1, 1))).toEqual([2]); // the engine is as before
});

test('a graph that TensorFlow refuses is an error, and what was learned before is kept', () => {
  const total = counter();
  const add = trace(
    ([x]) => {
      total.assign(tf.add(total, 1));
      // Without the type of its input this op is one for eager execution alone.
      if (x?.shape[0] === 2) executeOne(tf, 'Identity', [], [x]);
      return [];
    },
    [tf.zeros([3])],
  );
  add.run([tf.zeros([3])]);
  expect(() => add.run([tf.zeros([2])])).toThrow(TraceError);
  expect(() => add.run([tf.zeros([2])])).toThrow(TraceError);
  add.pull();
  expect(list(total)).toEqual([2]);
  add.run([tf.zeros([3])]);
  add.pull();
  expect(list(total)).toEqual([3]);
});

test('the refusal names the layer', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: 'first' }),
      tf.layers.dropout({ rate: 0.5, name: 'random_mask' }),
    ],
  });
  const call = ([x]: Tensor[]) => [model.apply(x as Tensor, { training: true }) as Tensor];
  const attempt = () => traceFunction(tf, call, [tf.ones([9, 2])], { layers: model.layers });
  expect(attempt).toThrow(/layer random_mask/);
  expect(Object.hasOwn(model.layers[1] ?? {}, 'call')).toBe(false);
});

test('captured tensors that are declared constant are part of the graph', () => {
  const table = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const ones = tf.ones([4, 4]);
  const apply = trace(([x]) => [tf.matMul(x as Tensor, table), tf.sum(ones)], [tf.ones([1, 2])], {
    constants: [table, ones],
  });
  expect(apply.run([tf.tensor2d([[1, 10]])]).map(list)).toEqual([[31, 42], [16]]);
});

test('a thousand steps of Adam keep the number of tensors', () => {
  const weight = tf.variable(tf.ones([5]));
  const slots = { m: tf.variable(tf.zeros([5]), false), v: tf.variable(tf.zeros([5]), false) };
  const powers = { beta1Power: 0.9, beta2Power: 0.999 };
  const constants = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const step = trace(() => {
    const gradient = tf.mul(weight, 2);
    applyAdam(tf, { variable: weight, ...slots, ...powers, ...constants }, gradient);
    return [tf.sum(weight)];
  }, []);
  const run = () => tf.dispose(step.run([]));
  run();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 1000; i += 1) run();
  expect(tf.memory().numTensors).toBe(before);
});

test('no files are left behind', () => {
  const mine = () => readdirSync(tmpdir()).filter((name) => name.startsWith('foldwise-graph-'));
  const before = mine().length;
  trace(([x]) => [tf.neg(x as Tensor)], [tf.scalar(1)]).run([tf.scalar(2)]);
  expect(mine().length).toBeLessThanOrEqual(before);
});
