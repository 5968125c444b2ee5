import { expect, test } from '@jest/globals';
import { endEpoch, learningRateForEpoch, startCallbacks } from './callback-list.ts';
import type { EpochEnd } from './define.ts';
import type { CallbackConfig } from './index.ts';

const plateau = {
  type: 'reduce_lr_on_plateau',
  monitor: 'val_loss',
  mode: 'auto',
  factor: 0.5,
  patience: 1,
  min_delta: 0,
  cooldown: 0,
  min_lr: 0,
} as const;

const logger = { type: 'csv_logger', filename: 'log.csv', separator: ';' } as const;

const end = (epoch: number, values: Record<string, number>): EpochEnd => ({
  epoch,
  values,
  learningRate: 0.5,
  history: [{ epoch: epoch + 1, seconds: 1, learning_rate: 0.5, values }],
});

const rates = (configs: readonly CallbackConfig[], ...losses: number[]) => {
  let states = startCallbacks(configs);
  return losses.map((value, epoch) => {
    const result = endEpoch(configs, states, end(epoch, { val_loss: value }));
    states = result.states;
    return result.actions.flatMap((one) => (one.kind === 'set_learning_rate' ? [one.value] : []));
  });
};

test('a second callback reduces what the first one has set', () => {
  expect(rates([plateau, plateau], 1, 1)).toEqual([[], [0.25, 0.125]]);
});

test('a value that is missing or not a number changes no state', () => {
  const states = startCallbacks([plateau]);
  for (const values of [{}, { val_loss: Number.NaN }]) {
    expect(endEpoch([plateau], states, end(0, values))).toEqual({ states, actions: [] });
  }
});

test.each([
  ['val_accuracy', 0.9, 0.8],
  ['val_log_loss', 0.1, 0.2],
])('the mode of %s comes from its direction', (monitor, better, worse) => {
  const configs = [
    { type: 'model_checkpoint', monitor, mode: 'auto', save_best_only: true },
  ] as const;
  let states = startCallbacks(configs);
  const kept = [worse, better, worse].map((value, epoch) => {
    const result = endEpoch(configs, states, end(epoch, { [monitor]: value }));
    states = result.states;
    return result.actions.length;
  });
  expect(kept).toEqual([1, 1, 0]);
});

test('in a new phase only the checkpoint remembers its best', () => {
  const configs = [
    plateau,
    { type: 'model_checkpoint', monitor: 'val_loss', mode: 'auto', save_best_only: true },
  ] as const;
  const { states } = endEpoch(configs, startCallbacks(configs), end(0, { val_loss: 0.3 }));
  const [first] = startCallbacks(configs);
  expect(startCallbacks(configs, states)).toEqual([first, { best: 0.3 }]);
});

test('a schedule callback sets the learning rate by epoch', () => {
  const schedule = {
    type: 'piecewise_constant',
    boundaries: [1],
    values: [0.1, 0.01],
    warmup_steps: 0,
  } as const;
  const configs = [{ type: 'learning_rate_schedule', schedule }] as const;
  expect([0, 1, 2].map((epoch) => learningRateForEpoch(configs, epoch))).toEqual([0.1, 0.1, 0.01]);
});

test("a log is Keras's: epochs from 0, names sorted", () => {
  const values = { loss: 0.5, val_loss: 0.75, accuracy: 1 };
  const { actions } = endEpoch([logger], startCallbacks([logger]), end(0, values));
  expect(actions).toEqual([
    {
      kind: 'write_file',
      callback: 0,
      name: 'log.csv',
      text: 'epoch;accuracy;learning_rate;loss;val_loss\r\n0;1;0.5;0.5;0.75\r\n',
    },
  ]);
});
