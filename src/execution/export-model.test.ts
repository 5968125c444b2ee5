import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { ExperimentResult } from '../result/experiment-result.ts';
import { writeHistory } from '../result/history-file.ts';
import { type RunPaths, runPaths } from '../result/run-directory.ts';
import { chooseFold } from './best-fold.ts';
import { exportModel } from './export-model.ts';
import { writeModelCard } from './model-card.ts';

let paths: RunPaths;

/** Validation values of each fold's two epochs; the first fold keeps its first epoch. */
const epochs = [
  [
    { val_loss: 0.4, val_accuracy: 0.8 },
    { val_loss: 0.1, val_accuracy: 0.99 },
  ],
  [
    { val_loss: 0.5, val_accuracy: 0.7 },
    { val_loss: 0.3, val_accuracy: 0.9 },
  ],
];
const bestEpochs = [1, 2];

beforeEach(() => {
  paths = runPaths(join(mkdtempSync(join(tmpdir(), 'run-')), 'r1'));
  for (const [fold, values] of epochs.entries()) {
    const { history, model } = paths.fold(fold);
    writeHistory(
      history,
      values.map((one, i) => ({ epoch: i + 1, seconds: 1, learning_rate: 0.1, values: one })),
    );
    mkdirSync(model, { recursive: true });
    writeFileSync(join(model, 'model.json'), `{"fold":${fold}}`);
    writeModelCard(model, {
      classes: ['a', 'b'],
      graph: { input: [8, 8, 1], nodes: [], output: 'input' },
      transform: { mean: [0], scale: [1 / 255], reverse_channels: false },
    });
  }
});

/** As much of a result as choosing and exporting read. */
const resultOf = (monitor: string | null): ExperimentResult =>
  ({
    run_id: 'r1',
    config: { dataset: { image: { size: 8 }, preprocessing: ['histogram_equalization'] } },
    dataset: { classes: [{ name: 'a' }, { name: 'b' }] },
    selection: { rule: 'model_checkpoint', monitor },
    folds: [
      ...bestEpochs.map((best_epoch, fold) => ({ fold, best_epoch, status: 'completed' })),
      { fold: 2, best_epoch: null, status: 'failed' },
    ],
  }) as unknown as ExperimentResult;

test('the best fold is the best by validation at the epoch that was kept', () => {
  expect(chooseFold(resultOf(null), paths)).toEqual({ fold: 1, monitor: 'val_loss', value: 0.3 });
  expect(chooseFold(resultOf('val_accuracy'), paths)).toEqual({
    fold: 1,
    monitor: 'val_accuracy',
    value: 0.9,
  });
});

test('what was never measured on validation cannot choose', () => {
  expect(() => chooseFold(resultOf('val_f1'), paths)).toThrow('no fold of run r1 has a val_f1');
  expect(chooseFold(resultOf('loss'), paths).monitor).toBe('val_loss');
});

test('a named fold has to be a finished one', () => {
  expect(chooseFold(resultOf(null), paths, 0).fold).toBe(0);
  expect(() => chooseFold(resultOf(null), paths, 2)).toThrow('no finished fold 2; it has 0, 1');
});

test('an exported model has its labels and all that is done to pictures', () => {
  const target = join(paths.directory, 'out', 'model');
  expect(exportModel(resultOf(null), paths, 1, target)).toBe(target);
  expect(readdirSync(target).sort()).toEqual(['labels.json', 'model.json', 'preprocessing.json']);
  expect(readFileSync(join(target, 'model.json'), 'utf8')).toBe('{"fold":1}');
  expect(JSON.parse(readFileSync(join(target, 'labels.json'), 'utf8'))).toEqual(['a', 'b']);
  expect(JSON.parse(readFileSync(join(target, 'preprocessing.json'), 'utf8'))).toMatchObject({
    input_shape: [8, 8, 1],
    pixels: { mean: [0], scale: [1 / 255], reverse_channels: false },
    pictures: { image: { size: 8 }, preprocessing: ['histogram_equalization'] },
  });
});

test('nothing is overwritten, and a model that is gone is said to be', () => {
  const target = join(paths.directory, 'out');
  mkdirSync(target);
  expect(() => exportModel(resultOf(null), paths, 1, target)).toThrow('exists already');
  expect(() => exportModel(resultOf(null), paths, 7, join(target, 'x'))).toThrow('fold 7');
  expect(existsSync(join(target, 'x'))).toBe(false);
});
