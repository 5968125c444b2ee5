import { expect, test } from '@jest/globals';
import { loadEngine } from '../engine/load.ts';
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
  return { step, total };
}

function runnerOf(mode: ExecutionMode, noise: () => number) {
  const notes: string[] = [];
  const { step, total } = summing(noise);
  const onFallback = (reason: string) => notes.push(reason);
  const runner = stepRunner(tf, { mode, model, onFallback })(step);
  const run = (...values: number[]): number | undefined =>
    runner.run([tf.tensor1d(values)])[0]?.dataSync()[0];
  return { run, runner, notes, total: (): number | undefined => total.dataSync()[0] };
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
