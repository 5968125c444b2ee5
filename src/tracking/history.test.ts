import { expect, test } from '@jest/globals';
import type { RunEvent } from './events.ts';
import { historyOf } from './history.ts';

const started: RunEvent = {
  at: 1,
  kind: 'run_started',
  run_id: 'r',
  name: 'digits',
  uid: 'u',
  smoke: false,
};
const epoch = (at: number, number: number, loss: number): RunEvent => ({
  at,
  kind: 'epoch',
  fold: 0,
  record: { epoch: number, seconds: 1, learning_rate: 0.1, values: { loss } },
});

test('there is no history before the run has begun', () => {
  expect(historyOf([])).toBeNull();
  expect(historyOf([{ at: 1, kind: 'note', message: 'early' }])).toBeNull();
});

test('an epoch that is trained again after a resume is there once, as it first happened', () => {
  const history = historyOf([
    started,
    { at: 2, kind: 'fold_started', fold: 0, uid: 'f' },
    epoch(3, 1, 0.5),
    epoch(4, 2, 0.4),
    { at: 5, kind: 'run_ended', status: 'interrupted' },
    { at: 6, kind: 'resumed', folds_kept: [] },
    { at: 7, kind: 'fold_started', fold: 0, uid: 'f' },
    epoch(8, 2, 0.4),
    epoch(9, 3, 0.3),
  ]);
  expect(history?.folds[0]?.epochs.map(({ at, record }) => [at, record.epoch])).toEqual([
    [3, 1],
    [4, 2],
    [9, 3],
  ]);
  expect(history?.status).toBe('running');
  expect(history?.voidUids).toEqual([]);
});

test('a fold that starts from nothing voids its earlier attempt', () => {
  const history = historyOf([
    started,
    { at: 2, kind: 'fold_started', fold: 0, uid: 'first' },
    epoch(3, 1, 0.5),
    { at: 4, kind: 'fold_ended', fold: 0, status: 'failed', reason: 'out of memory' },
    { at: 5, kind: 'fold_started', fold: 0, uid: 'second' },
  ]);
  expect(history?.voidUids).toEqual(['first']);
  expect(history?.folds).toEqual([
    {
      fold: 0,
      uid: 'second',
      startedAt: 5,
      endedAt: null,
      status: 'running',
      reason: null,
      epochs: [],
    },
  ]);
});

test('what the tracker notes for itself does not change when the run was last heard of', () => {
  const history = historyOf([
    started,
    { at: 2, kind: 'run_ended', status: 'completed' },
    {
      at: 99,
      kind: 'tracked',
      server: 'http://x',
      experiment: 'e',
      experiment_id: '1',
      run_id: 'r',
      complete: true,
    },
  ]);
  expect(history?.lastAt).toBe(2);
  expect(history?.endedAt).toBe(2);
});
