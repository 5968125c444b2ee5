import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import {
  foldwise,
  makeWorkspace,
  readResult,
  runsOf,
  startFoldwise,
  until,
  type Workspace,
  writeTinyExperiment,
} from './foldwise.ts';

jest.setTimeout(300_000);

const manyEpochs = ['--set', 'training.epochs=40', '--folds-at-once', '1'];

const predictionsOf = (run: string) =>
  [0, 1, 2].map((fold) =>
    readFileSync(join(run, 'folds', String(fold), 'predictions.csv'), 'utf8'),
  );

const events = (workspace: Workspace): string => {
  const [run = ''] = runsOf(workspace, 'tiny');
  const path = join(run, 'events.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

const hasTrained = (workspace: Workspace, fold: number, epochs: number) => () =>
  events(workspace)
    .split('\n')
    .filter((line) => line.includes(`"epoch","fold":${fold}`)).length >= epochs;

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);

async function uninterrupted(): Promise<string[]> {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const { code } = await foldwise(workspace, ['run', 'experiments/tiny.yaml', ...manyEpochs]);
  expect(code).toBe(0);
  return predictionsOf(runsOf(workspace, 'tiny')[0] ?? '');
}

test('Ctrl-C and kill -9 lose nothing: the run goes on to the same predictions', async () => {
  const expected = await uninterrupted();
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const words = ['run', 'experiments/tiny.yaml', ...manyEpochs];

  const first = startFoldwise(workspace, words);
  await until(hasTrained(workspace, 0, 10));
  first.process.kill('SIGINT');
  const interrupted = await first.ended;
  expect(interrupted.code).toBe(130);
  expect(interrupted.stdout).toMatch(/--resume=/);
  expect(readResult(runsOf(workspace, 'tiny')[0] ?? '').status).toBe('interrupted');

  const second = startFoldwise(workspace, words);
  await until(hasTrained(workspace, 1, 10));
  second.process.kill('SIGKILL');
  await second.ended;

  const third = await foldwise(workspace, words);
  expect(third.code).toBe(0);
  const runs = runsOf(workspace, 'tiny');
  expect(runs).toHaveLength(1);
  expect(predictionsOf(runs[0] ?? '')).toEqual(expected);
});

test('a fold whose process is killed fails alone, and --resume trains it again', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const words = ['run', 'experiments/tiny.yaml', ...manyEpochs];
  const running = startFoldwise(workspace, words);
  await until(hasTrained(workspace, 1, 2));
  for (const child of childrenOf(running.process.pid ?? -1)) process.kill(child, 'SIGKILL');
  const { code, stderr } = await running.ended;
  expect(code).toBe(3);
  expect(stderr).toMatch(/fold 1 +failed: .*SIGKILL/);
  const [run = ''] = runsOf(workspace, 'tiny');
  expect(readResult(run).folds.map(({ status }) => status)).toEqual([
    'completed',
    'failed',
    'completed',
  ]);
  const again = await foldwise(workspace, [...words, `--resume=${run}`]);
  expect(again.code).toBe(0);
  expect(readResult(run).status).toBe('completed');
});

test('a run that another process writes is refused', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const words = ['run', 'experiments/tiny.yaml', ...manyEpochs];
  const running = startFoldwise(workspace, words);
  await until(hasTrained(workspace, 0, 1));
  const [run = ''] = runsOf(workspace, 'tiny');
  const second = await foldwise(workspace, [...words, `--resume=${run}`]);
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/is being written by process/);
  running.process.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
});
