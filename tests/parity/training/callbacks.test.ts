import { expect, test } from '@jest/globals';
import { endEpoch, startCallbacks } from '../../../src/training/callbacks/callback-list.ts';
import { type CallbackConfig, callbackSchema } from '../../../src/training/callbacks/index.ts';
import { readFixture, withDefaults } from './fixture.ts';

type Case = {
  type: string;
  options: Record<string, unknown>;
  values: number[];
  /** early_stopping: epoch after which it stopped, and the epoch whose weights came back. */
  stopped?: number | null;
  restored?: number;
  /** reduce_lr_on_plateau: learning rate after each epoch. */
  rates?: number[];
  /** model_checkpoint: epochs that were saved. */
  saved?: number[];
};

/** Replays the values; the state goes through JSON between epochs, as it does on the disk. */
function replay({ type, options, values }: Case) {
  const configs = [withDefaults<CallbackConfig>(callbackSchema, { type, ...options })];
  let states = startCallbacks(configs);
  let learningRate = Math.fround(0.1);
  let stopped: number | null = null;
  const rates: number[] = [];
  const kept: number[] = [];
  for (const [epoch, value] of values.entries()) {
    const end = { epoch, values: { val_loss: value }, learningRate, history: [] };
    const result = endEpoch(configs, JSON.parse(JSON.stringify(states)), end);
    states = result.states;
    for (const action of result.actions) {
      if (action.kind === 'stop') stopped = epoch;
      if (action.kind === 'keep_weights') kept.push(epoch);
      if (action.kind === 'set_learning_rate') learningRate = Math.fround(action.value);
    }
    rates.push(learningRate);
    if (stopped !== null) break;
  }
  return { stopped, rates, kept, restored: kept.at(-1) };
}

const cases = readFixture<Case[]>('callbacks.json');

test.each(['early_stopping', 'reduce_lr_on_plateau', 'model_checkpoint'])(
  "%s acts at Keras's epochs with Keras's values",
  (type) => {
    const ofType = cases.filter((one) => one.type === type);
    expect(ofType.length).toBeGreaterThanOrEqual(40);
    for (const one of ofType) {
      const { stopped, rates, kept, restored } = replay(one);
      const ours = {
        ...(one.stopped === undefined ? {} : { stopped }),
        ...(one.restored === undefined ? {} : { restored: restored ?? one.values.length - 1 }),
        ...(one.rates === undefined ? {} : { rates }),
        ...(one.saved === undefined ? {} : { saved: kept }),
      };
      expect({ ...one, ...ours }).toEqual(one);
    }
  },
);
