import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { evaluate } from '../../src/metrics/evaluate.ts';
import { readHistory } from '../../src/result/history-file.ts';
import { readPredictions } from '../../src/result/predictions-file.ts';
import {
  foldwise,
  makeWorkspace,
  readResult,
  runsOf,
  type Workspace,
  writeTinyExperiment,
} from './foldwise.ts';

jest.setTimeout(300_000);

async function runTiny(workspace: Workspace, ...words: string[]): Promise<string> {
  const { code, stderr } = await foldwise(workspace, [
    'experiments/tiny.yaml',
    '--fresh',
    ...words,
  ]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return runsOf(workspace, 'tiny').at(-1) ?? '';
}

test('a run leaves everything that DESIGN names, and its numbers come from its predictions', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const run = await runTiny(workspace);
  for (const file of ['config.yaml', 'splits.json', 'events.jsonl', 'report.html', 'summary.md'])
    expect([file, existsSync(join(run, file))]).toEqual([file, true]);
  const result = readResult(run);
  expect(result.status).toBe('completed');
  expect(result.folds.map(({ fold }) => fold)).toEqual([0, 1, 2]);
  const tested = result.folds.flatMap(({ fold, metrics }) => {
    const path = join(run, 'folds', String(fold), 'predictions.csv');
    const classes = result.dataset.classes.map(({ name }) => name);
    const predictions = readPredictions(path, classes, null);
    const names = ['accuracy', 'f1_macro', 'auc'];
    expect(evaluate(predictions, names).metrics).toEqual(
      Object.fromEntries(names.map((name) => [name, metrics[name]])),
    );
    return [...predictions.indices];
  });
  expect(tested.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  for (const { fold, epochs_run } of result.folds) {
    const directory = join(run, 'folds', String(fold));
    expect(readHistory(join(directory, 'history.csv'))).toHaveLength(epochs_run);
    expect(existsSync(join(directory, 'model', 'model.json'))).toBe(true);
    expect(existsSync(join(directory, 'state'))).toBe(false);
  }
});

/** `result.json` and history without what a clock decides. */
function timeless(run: string): unknown {
  const { run_id: _, started_at: __, seconds: ___, environment, folds, ...rest } = readResult(run);
  const { git: ____, ...machine } = environment;
  return { ...rest, machine, folds: folds.map(({ seconds: _____, ...fold }) => fold) };
}

test('two runs with one seed give the same bytes but for times', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const first = await runTiny(workspace);
  const second = await runTiny(workspace);
  expect(second).not.toBe(first);
  for (const file of [
    'config.yaml',
    'splits.json',
    'folds/0/predictions.csv',
    'folds/2/model/weights.bin',
  ])
    expect([
      file,
      readFileSync(join(second, file)).equals(readFileSync(join(first, file))),
    ]).toEqual([file, true]);
  expect(timeless(second)).toEqual(timeless(first));
  const third = await runTiny(workspace, '--set', 'seed=43');
  expect(readFileSync(join(third, 'folds/0/predictions.csv'), 'utf8')).not.toBe(
    readFileSync(join(first, 'folds/0/predictions.csv'), 'utf8'),
  );
});

test('a missed threshold exits with 1, a held one with 0', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace, 'thresholds:\n  - { metric: accuracy, min: 0.999 }\n');
  const missed = await foldwise(workspace, ['run', 'experiments/tiny.yaml', '--json']);
  expect(missed.code).toBe(1);
  const { thresholds } = JSON.parse(missed.stdout);
  expect(thresholds.verdict).toBe('failed');
  expect(thresholds.checks[0]).toMatchObject({
    metric: 'accuracy',
    bound: '>= 0.999',
    passed: false,
  });
});

test('an error in the file exits with 2 at its line and leaves no run', async () => {
  const workspace = makeWorkspace();
  const file = writeTinyExperiment(workspace);
  writeFileSync(file, readFileSync(file, 'utf8').replace('batch_size', 'batchsize'));
  const { code, stderr } = await foldwise(workspace, ['run', 'experiments/tiny.yaml']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/experiments\/tiny\.yaml:16:3 .*batchsize/);
  expect(stderr).toMatch(/did you mean.*batch_size/i);
  expect(runsOf(workspace, 'tiny')).toEqual([]);
});

test('data that are not there exit with 2 and say where to get them', async () => {
  const workspace = makeWorkspace();
  const { code, stderr } = await foldwise(workspace, ['run', 'experiments/sequential.yaml']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/fer2013\.csv/);
  expect(stderr).toMatch(/quickstart\.yaml/);
  expect(runsOf(workspace, 'sequential-fer2013')).toEqual([]);
});

test('some folds only are inconclusive, whatever the thresholds say', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace, 'thresholds:\n  - { metric: accuracy, min: 0.2 }\n');
  const { code } = await foldwise(workspace, ['run', 'experiments/tiny.yaml', '--folds', '0,2']);
  expect(code).toBe(3);
  const result = readResult(runsOf(workspace, 'tiny')[0] ?? '');
  expect(result.folds.map(({ status }) => status)).toEqual(['completed', 'missing', 'completed']);
  expect(result.summary.accuracy?.mean).toBeNull();
  expect(result.thresholds.verdict).toBe('inconclusive');
});

test('a smoke run sees two batches of everything and is not judged', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace, 'thresholds:\n  - { metric: accuracy, min: 0.999 }\n');
  const { code } = await foldwise(workspace, ['run', 'experiments/tiny.yaml', '--smoke']);
  expect(code).toBe(0);
  const result = readResult(runsOf(workspace, 'tiny')[0] ?? '');
  expect([result.smoke, result.thresholds.verdict]).toEqual([true, 'none']);
  expect(result.folds.map(({ epochs_run }) => epochs_run)).toEqual([1, 1, 1]);
});

test('a fold whose loss is no number fails alone with its reason', async () => {
  const workspace = makeWorkspace();
  const file = writeTinyExperiment(workspace);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      'type: adam, learning_rate: 0.01',
      'type: sgd, learning_rate: 1.0e+30',
    ),
  );
  const { code, stderr } = await foldwise(workspace, ['run', 'experiments/tiny.yaml']);
  expect(code).toBe(3);
  expect(stderr).toMatch(/The loss became/);
  const result = readResult(runsOf(workspace, 'tiny')[0] ?? '');
  expect(result.folds.every(({ status }) => status === 'failed')).toBe(true);
});
