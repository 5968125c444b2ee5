/** A real run, tracked while it trains: by a server that stays, and by one that is killed. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readHistory } from '../../src/result/history-file.ts';
import {
  foldwise,
  makeWorkspace,
  readResult,
  runsOf,
  startFoldwise,
  writeTinyExperiment,
} from '../end-to-end/foldwise.ts';
import { childrenOf, parentOf, searchRuns } from './search-runs.ts';
import { patience, points, storedRuns, type TestServer, testServer } from './server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer(undefined, 5640);
}, patience);
afterAll(() => server.stop(), 30_000);

const tiny = 'experiments/tiny.yaml';

test(
  'Python finds one parent and a child for each fold, with the numbers of result.json',
  async () => {
    const workspace = makeWorkspace();
    writeTinyExperiment(workspace);
    const words = ['run', tiny, '--set', 'name=tracked'];
    const { code, stdout } = await foldwise(workspace, words, { MLFLOW_TRACKING_URI: server.uri });
    expect(code).toBe(0);
    expect(stdout).toContain(`MLflow  ${server.uri}/#/experiments/`);

    const [run = ''] = runsOf(workspace, 'tracked');
    const result = readResult(run);
    const runs = await searchRuns(server, 'tracked');
    const parent = parentOf(runs);
    const children = childrenOf(runs, parent);
    expect(runs).toHaveLength(4);
    expect(parent).toMatchObject({
      status: 'FINISHED',
      'params.training.epochs': '3',
      'params.split.strategy.type': 'stratified_k_fold',
      'metrics.cv/accuracy_mean': expect.closeTo(result.summary.accuracy?.mean ?? -1, 12),
      artifacts: expect.arrayContaining(['config.yaml', 'report.html', 'result.json']),
    });
    expect(children.map((child) => child['metrics.test/accuracy'])).toEqual(
      result.folds.map(({ metrics }) => expect.closeTo(metrics.accuracy ?? -1, 12)),
    );
    for (const [fold, child] of children.entries()) {
      expect(child).toMatchObject({ status: 'FINISHED', 'params.fold': `${fold}` });
      expect(child.artifacts).toEqual(['history.csv', 'predictions.csv']);
      expect(child.inputs).toEqual(['testing', 'training', 'validation']);
    }
    expect(await lossesOf(children)).toEqual(lossesIn(run));
  },
  patience,
);

test(
  'a server killed in the middle of a run costs a warning; sync leaves every point exactly once',
  async () => {
    const workspace = makeWorkspace();
    writeTinyExperiment(workspace);
    const environment = { MLFLOW_TRACKING_URI: server.uri };
    const words = ['run', tiny, '--set', 'name=orphan', '--set', 'training.epochs=60'];
    const running = startFoldwise(workspace, words, environment);
    await untilSent('orphan');
    process.kill(-server.pid, 'SIGKILL');
    expect(running.process.exitCode).toBeNull();
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stdout + stderr).toContain('foldwise sync');

    await server.stop();
    server = await testServer(server.directory, Number(new URL(server.uri).port));
    const sent = { MLFLOW_TRACKING_URI: server.uri };
    expect(await foldwise(workspace, ['sync'], sent)).toMatchObject({
      code: 0,
      stdout: '1 of 1 runs sent, 0 were there\n',
    });
    expect((await foldwise(workspace, ['sync'], sent)).stdout).toMatch(/^0 of 1 runs sent, 1 /);
    const runs = await searchRuns(server, 'orphan');
    expect(runs.map(({ status }) => status)).toEqual(Array(4).fill('FINISHED'));
    const [run = ''] = runsOf(workspace, 'orphan');
    expect(await lossesOf(childrenOf(runs, parentOf(runs)))).toEqual(lossesIn(run));
  },
  patience,
);

/** Every point of the training loss on the server: by fold, epoch and value. */
const lossesOf = (children: Record<string, unknown>[]) =>
  Promise.all(
    children.map(async (child) =>
      (await points(server.uri, String(child.run_id), 'train/loss')).map(({ step, value }) => [
        step,
        value,
      ]),
    ),
  );

/** The same, as the run itself has it. */
const lossesIn = (run: string) =>
  [0, 1, 2].map((fold) =>
    readHistory(join(run, 'folds', String(fold), 'history.csv')).map(({ epoch, values }) => [
      epoch,
      values.loss,
    ]),
  );

/** Waits until the server has points of a fold of the experiment. */
async function untilSent(experiment: string): Promise<void> {
  for (;;) {
    const runs = await storedRuns(server.uri, experiment);
    if (runs.some(({ data }) => data.metrics?.some(({ key }) => key === 'train/loss'))) return;
    await sleep(20);
  }
}
