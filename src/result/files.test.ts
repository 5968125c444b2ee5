import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findRun, findRuns, findStudy } from './find-run.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { readPredictions, writePredictions } from './predictions-file.ts';
import { createRunDirectory, lockRun, runPaths, writeAtomically } from './run-directory.ts';

const scratch = () => mkdtempSync(join(tmpdir(), 'foldwise-files-'));

test('predictions read back to the same float64, whatever the class names are', () => {
  const path = join(scratch(), 'predictions.csv');
  const classes = ['plain', 'with, comma', 'with "quotes"'];
  const probabilities = Float64Array.of(1 / 3, Math.fround(0.1), 1e-300, 0.5, 0.5, 0);
  const predictions = {
    indices: Uint32Array.of(7, 3),
    labels: Int32Array.of(2, 1),
    probabilities,
    classes,
    loss: 0.25,
  };
  writePredictions(path, predictions);
  expect(readPredictions(path, classes, 0.25)).toEqual(predictions);
  const [header, first, second] = readFileSync(path, 'utf8').split('\n');
  expect(header).toBe('index,true,predicted,p_plain,"p_with, comma","p_with ""quotes"""');
  expect(first).toMatch(/^7,"with ""quotes""",plain,/);
  expect(second).toMatch(/^3,"with, comma",plain,0\.5,0\.5,0$/);
});

test('a history reads back, with values that not every epoch has', () => {
  const path = join(scratch(), 'history.csv');
  const epochs = [
    { epoch: 1, seconds: 1.5, learning_rate: 0.001, values: { loss: 0.7, val_loss: 0.8 } },
    { epoch: 2, seconds: 1.25, learning_rate: 0.0005, values: { loss: 0.6, val_auc: 0.9 } },
  ];
  writeHistory(path, epochs);
  expect(readHistory(path)).toEqual(epochs);
});

test('an atomic write leaves nothing beside the file', () => {
  const directory = scratch();
  const path = join(directory, 'deep', 'file.txt');
  writeAtomically(path, 'one');
  writeAtomically(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(directory, 'deep'))).toEqual(['file.txt']);
});

test('two runs begun in one second have directories of their own', () => {
  const root = scratch();
  const now = new Date('2026-11-23T07:45:00.123Z');
  const ids = [1, 2, 3].map(() => createRunDirectory(root, 'x', 'abcdef0123', now).id);
  expect(ids).toEqual([
    '20261123T074500Z-abcdef01',
    '20261123T074500Z-abcdef01-2',
    '20261123T074500Z-abcdef01-3',
  ]);
});

test('a run is found by directory, file, id and name; an unknown one is an error', () => {
  const root = scratch();
  const run = createRunDirectory(root, 'faces', 'abcdef01', new Date(0));
  writeFileSync(run.config, 'name: faces\n');
  for (const text of [run.directory, join(run.directory, 'result.json'), run.id, 'faces'])
    expect(findRun(root, text).directory).toBe(run.directory);
  expect(() => findRun(root, 'nothing')).toThrow(/there is no run "nothing"/);
});

test('a study is found in the same ways, and stands for the runs that it has so far', () => {
  const root = scratch();
  const { directory, id } = createRunDirectory(root, 'thesis', 'abcdef01', new Date(0));
  const variants = ['cnn', 'vgg16'].map((name) => ({ name, directory: `variants/${name}` }));
  writeAtomically(join(directory, 'study.json'), JSON.stringify({ variants }));
  const cnn = join(directory, 'variants/cnn');
  writeAtomically(join(cnn, 'config.yaml'), 'name: thesis\n');
  for (const text of [directory, join(directory, 'comparison.html'), id, 'thesis']) {
    expect(findStudy(root, text)?.variants.map(({ name }) => name)).toEqual(['cnn', 'vgg16']);
    expect(findRuns(root, text).map((run) => run.directory)).toEqual([cnn]);
    expect(() => findRun(root, text)).toThrow(/is a study/);
  }
  expect(findRun(root, cnn).directory).toBe(cnn);
  const later = createRunDirectory(root, 'thesis', 'abcdef02', new Date(1e12));
  writeFileSync(later.config, 'name: thesis\n');
  expect(findRuns(root, 'thesis').map((run) => run.directory)).toEqual([later.directory]);
});

test('a run is taken by one process at a time; a dead owner does not count', () => {
  const run = runPaths(scratch());
  const release = lockRun(run);
  expect(() => lockRun(run)).toThrow(/is being written by process/);
  release();
  expect(existsSync(join(run.directory, 'run.lock'))).toBe(false);
  writeFileSync(join(run.directory, 'run.lock'), '999999999');
  lockRun(run)();
  expect(readdirSync(run.directory)).toEqual([]);
});
