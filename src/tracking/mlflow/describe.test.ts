import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runPaths } from '../../result/run-directory.ts';
import type { RunEvent } from '../events.ts';
import { historyOf } from '../history.ts';
import type { RunRecord } from '../run-record.ts';
import { describeRun } from './describe.ts';

const epoch = (at: number, fold: number, number: number): RunEvent => ({
  at,
  kind: 'epoch',
  fold,
  record: {
    epoch: number,
    seconds: 2,
    learning_rate: 0.1,
    values: { loss: 0.5, val_loss: Number.NaN, 'val_recall[C#]': 1 },
  },
});

const events: readonly RunEvent[] = [
  { at: 1, kind: 'run_started', run_id: 'r', name: 'digits', uid: 'u', smoke: false },
  { at: 2, kind: 'fold_started', fold: 0, uid: 'f0' },
  epoch(3, 0, 1),
  { at: 4, kind: 'fold_started', fold: 1, uid: 'f1' },
  epoch(5, 1, 1),
  epoch(6, 0, 2),
  { at: 7, kind: 'fold_ended', fold: 1, status: 'failed', reason: 'loss is NaN' },
  epoch(8, 0, 3),
  { at: 9, kind: 'fold_ended', fold: 0, status: 'completed' },
  { at: 10, kind: 'run_ended', status: 'failed' },
];

const describe = (upTo: number, config: RunRecord['config'] = {}, alive = true) => {
  const history = historyOf(events.slice(0, upTo));
  if (history === null) throw new Error('no run yet');
  const paths = runPaths(mkdtempSync(join(tmpdir(), 'foldwise-describe-')));
  return describeRun({ paths, history, config, result: null }, alive, undefined);
};

test('points go to sections, with the epoch as step and the time of the journal', () => {
  expect(describe(3).folds[0]?.metrics).toEqual([
    { key: 'train/loss', value: 0.5, timestamp: 3, step: 1 },
    { key: 'val/loss', value: 'NaN', timestamp: 3, step: 1 },
    { key: 'val/recall/C.u23', value: 1, timestamp: 3, step: 1 },
    { key: 'train/learning_rate', value: 0.1, timestamp: 3, step: 1 },
    { key: 'train/epoch_seconds', value: 2, timestamp: 3, step: 1 },
  ]);
});

test('while a run goes on its points are only added to, never changed', () => {
  for (let upTo = 2; upTo <= events.length; upTo++) {
    const before = describe(upTo - 1);
    const after = describe(upTo);
    expect(after.run.metrics.slice(0, before.run.metrics.length)).toEqual(before.run.metrics);
    for (const [index, fold] of before.folds.entries()) {
      expect(after.folds[index]?.metrics.slice(0, fold.metrics.length)).toEqual(fold.metrics);
    }
  }
});

test('a run with a failed fold has no mean curves, and says why the fold failed', () => {
  const { run, folds } = describe(events.length);
  expect(run).toMatchObject({ status: 'FAILED', endTime: 10, metrics: [] });
  expect(folds.map(({ status, endTime }) => [status, endTime])).toEqual([
    ['FINISHED', 9],
    ['FAILED', 7],
  ]);
  expect(folds[1]?.tags['mlflow.note.content']).toBe('loss is NaN');
});

test('what has not ended runs while its process lives, and was killed when last heard of after', () => {
  expect(describe(6).run).toMatchObject({ status: 'RUNNING', endTime: null });
  expect(describe(6, {}, false)).toMatchObject({
    run: { status: 'KILLED', endTime: 6 },
    folds: [
      { status: 'KILLED', endTime: 6 },
      { status: 'KILLED', endTime: 5 },
    ],
  });
});

test('parameters are the config, flat, without what says nothing of the learning', () => {
  const config = {
    name: 'digits',
    seed: 42,
    model: { layers: [{ type: 'flatten' }], backbone: null },
    training: { optimizer: { type: 'adam', learning_rate: 0.001 }, callbacks: {} },
    execution: { device: 'auto' },
    tracking: { mlflow: { experiment: 'e', run_name: 'n', tags: { team: 'vision' } } },
  };
  const { experiment, run } = describe(1, config);
  expect(run.params).toEqual({
    seed: '42',
    'model.layers': '[{"type":"flatten"}]',
    'model.backbone': 'null',
    'training.optimizer.type': 'adam',
    'training.optimizer.learning_rate': '0.001',
    'training.callbacks': '{}',
  });
  expect(experiment).toBe('e');
  expect(run.name).toBe('n');
  expect(run.tags).toMatchObject({ team: 'vision', 'foldwise.run_id': 'r' });
});
