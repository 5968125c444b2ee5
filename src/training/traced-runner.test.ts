import { expect, test } from '@jest/globals';
import { loadEngine } from '../engine/load.ts';
import type { EvaluationStep } from './evaluation-step.ts';
import type { ExecutionMode } from './step-runner.ts';
import { stepRunner } from './traced-runner.ts';
import type { TrainStep } from './train-step.ts';

const tf = await loadEngine({ device: 'cpu' });

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });

/** Adds up what it is given; `noise` is what JavaScript makes up in between. */
function summing(noise: () => number) {
  const total = tf.variable(tf.scalar(0), false);
  const step: TrainStep = (...inputs) =>
    tf.tidy(() => {
      const [values] = inputs;
      if (!values) throw new Error('no values');
      total.assign(tf.add(total, tf.mul(tf.sum(values), tf.scalar(noise()))));
      return [tf.clone(total), tf.clone(values)];
    });
  const evaluation: EvaluationStep = (values) => [tf.tidy(() => tf.mul(total, values ?? 1))];
  return { step, evaluation, total };
}

function runnerOf(mode: ExecutionMode, noise: () => number) {
  const notes: string[] = [];
  const { step, evaluation, total } = summing(noise);
  const onFallback = (reason: string) => notes.push(reason);
  const runner = stepRunner(tf, { mode, model, onFallback })(step, evaluation);
  const run = (...values: number[]): number | undefined =>
    runner.run([tf.tensor1d(values)])[0]?.dataSync()[0];
  const evaluate = (value: number): number | undefined =>
    runner.evaluate([tf.scalar(value)])[0]?.dataSync()[0];
  return { run, evaluate, runner, notes, total: (): number | undefined => total.dataSync()[0] };
}

test.each(['eager', 'graph', 'auto'] as const)('%s steps add up over batch sizes', (mode) => {
  const { run, runner, notes, total } = runnerOf(mode, () => 1);
  expect([run(1, 2), run(3, 4), run(5)]).toEqual([3, 10, 15]);
  runner.pull();
  expect(total()).toBe(15);
  expect(notes).toEqual([]);
  runner.dispose();
});

test('a step that JavaScript changes runs op by op, with one note', () => {
  let calls = 0;
  const { run, runner, notes, total } = runnerOf('auto', () => {
    calls += 1;
    return calls;
  });
  const first = run(1) ?? 0;
  const second = run(1) ?? 0;
  expect(second).toBeGreaterThan(first);
  expect(total()).toBe(second);
  expect(notes).toEqual([expect.stringMatching(/runs op by op: .*JavaScript/)]);
  runner.dispose();
});

test('with mode graph such a step is an error', () => {
  const { run, total } = runnerOf('graph', Math.random);
  expect(() => run(1)).toThrow(/execution.mode is graph/);
  expect(total()).toBe(0);
});

test.each(['eager', 'graph', 'auto'] as const)('%s evaluation sees each step at once', (mode) => {
  const { run, evaluate, runner } = runnerOf(mode, () => 1);
  run(1, 2);
  expect(evaluate(10)).toBe(30);
  run(4);
  expect([evaluate(10), run(3), evaluate(1)]).toEqual([70, 10, 10]);
  runner.dispose();
});

test('an evaluation that cannot be recorded runs op by op on what the graph has learned', () => {
  const { step } = summing(() => 1);
  const seen = tf.variable(tf.scalar(0), false);
  const notes: string[] = [];
  const onFallback = (reason: string) => notes.push(reason);
  const counting: TrainStep = (...inputs) => {
    seen.assign(tf.add(seen, 1));
    return step(...inputs);
  };
  const readingBack: EvaluationStep = () => [tf.scalar(seen.dataSync()[0] ?? 0)];
  const runner = stepRunner(tf, { mode: 'auto', model, onFallback })(counting, readingBack);
  const evaluate = () => runner.evaluate([])[0]?.dataSync()[0];
  runner.run([tf.tensor1d([1])]);
  expect(evaluate()).toBe(1);
  runner.run([tf.tensor1d([1])]);
  expect(evaluate()).toBe(2);
  expect(notes).toEqual([expect.stringMatching(/evaluation step runs op by op/)]);
  runner.dispose();
});
