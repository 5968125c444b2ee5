/** Replaying a run directory to a real MLflow server, through failures. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunPaths } from '../../src/result/run-directory.ts';
import { openJournal, readJournal } from '../../src/tracking/journal.ts';
import { createLiveSender } from '../../src/tracking/live-sender.ts';
import { type SyncOutcome, syncRun } from '../../src/tracking/mlflow/sync.ts';
import { childrenOf, parentOf, searchRuns } from './search-runs.ts';
import { patience, points, storedRuns, type TestServer, testServer } from './server.ts';
import { accuracyOf, finishRun, lossAt, newRun, type Shape, writeEvents } from './synthetic-run.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
}, patience);
afterAll(() => server.stop(), 30_000);

const sync = (paths: RunPaths): Promise<SyncOutcome> =>
  syncRun(paths, { uri: server.uri, headers: {} }, {});

test(
  'Python finds one parent and its folds with metrics, params, datasets and artifacts',
  async () => {
    const shape: Shape = { name: 'found', folds: 3, epochs: 4 };
    const { paths, events } = newRun(shape);
    writeEvents(paths, events);
    finishRun(paths, shape);
    expect(await sync(paths)).toMatchObject({ state: 'sent', message: null });

    const runs = await searchRuns(server, 'found');
    const parent = parentOf(runs);
    const folds = childrenOf(runs, parent);
    expect(runs).toHaveLength(4);
    expect(folds.map((fold) => fold['params.fold'])).toEqual(['0', '1', '2']);
    expect(parent).toMatchObject({
      status: 'FINISHED',
      'metrics.cv/accuracy_mean': 0.905,
      'metrics.cv/accuracy_ci95_lower': 0.89,
      'metrics.know_nothing/accuracy': 0.1,
      'metrics.test/accuracy': 0.905,
      'params.training.optimizer.learning_rate': '0.001',
      'params.model.parameters': '650',
      'tags.team': 'vision',
      'tags.mlflow.user': 'ada',
      'tags.mlflow.source.git.commit': '0123456789abcdef',
      'tags.foldwise.verdict': 'passed',
      inputs: ['cross-validation'],
    });
    expect(parent?.['tags.mlflow.note.content']).toMatch(/^\*\*accuracy 0\.9050 ± 0\.0100\*\*/);
    expect(parent?.artifacts).toEqual(
      expect.arrayContaining([
        'config.yaml',
        'report.html',
        'result.json',
        'splits.json',
        'summary.md',
      ]),
    );
    for (const [index, fold] of folds.entries()) {
      expect(fold).toMatchObject({
        status: 'FINISHED',
        'metrics.test/accuracy': expect.closeTo(accuracyOf(index), 9),
        'metrics.test/recall/C.u23': 0.8,
        'metrics.fold/best_epoch': 3,
        'params.seed': `${100 + index}`,
        'params.test_samples': '20',
        artifacts: ['history.csv', 'predictions.csv'],
        inputs: ['testing', 'training', 'validation'],
      });
      const sent = await points(server.uri, String(fold.run_id), 'val/loss');
      expect(sent.map(({ step, value }) => [step, value])).toEqual(
        [1, 2, 3, 4].map((epoch) => [epoch, 2 * lossAt(index, epoch)]),
      );
    }
    const mean = await points(server.uri, String(parent?.run_id), 'train/loss');
    expect(mean.map(({ step, value }) => [step, value])).toEqual(
      [1, 2, 3, 4].map((epoch) => [
        epoch,
        (lossAt(0, epoch) + lossAt(1, epoch) + lossAt(2, epoch)) / 3,
      ]),
    );
  },
  patience,
);

test(
  'a second sync sends nothing; a report rendered again is sent to the same run',
  async () => {
    const shape: Shape = { name: 'again', folds: 2, epochs: 2 };
    const { paths, events } = newRun(shape);
    writeEvents(paths, events);
    finishRun(paths, shape);
    expect((await sync(paths)).state).toBe('sent');
    expect((await sync(paths)).state).toBe('up_to_date');
    writeFileSync(paths.report, '<!doctype html><title>another</title>');
    expect((await sync(paths)).state).toBe('sent');
    expect((await sync(paths)).state).toBe('up_to_date');

    const runs = await searchRuns(server, 'again');
    expect(runs).toHaveLength(3);
    const runId = String(parentOf(runs)?.run_id);
    const report = await fetch(`${server.uri}/get-artifact?path=report.html&run_id=${runId}`);
    expect(await report.text()).toContain('another');
    expect(await points(server.uri, runId, 'cv/accuracy_mean')).toHaveLength(1);
  },
  patience,
);

test(
  'a run deleted on the server stays deleted',
  async () => {
    const shape: Shape = { name: 'deleted', folds: 1, epochs: 1 };
    const { paths, events } = newRun(shape);
    writeEvents(paths, events);
    await sync(paths);
    const run_id = String(parentOf(await searchRuns(server, 'deleted'))?.run_id);
    await fetch(`${server.uri}/api/2.0/mlflow/runs/delete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ run_id }),
    });
    expect((await sync(paths)).state).toBe('deleted');
    expect(parentOf(await searchRuns(server, 'deleted'))).toBeUndefined();
  },
  patience,
);

test(
  'a run that was killed is KILLED, and its void attempt is gone',
  async () => {
    const { paths, events } = newRun({ name: 'killed', folds: 2, epochs: 2 });
    writeEvents(paths, events.slice(0, 5));
    expect((await sync(paths)).state).toBe('sent');
    writeEvents(
      paths,
      [
        { kind: 'resumed', folds_kept: [] },
        { kind: 'fold_started', fold: 0, uid: 'killed-fold-0-anew' },
      ],
      1_790_000_100_000,
    );
    expect((await sync(paths)).state).toBe('sent');
    const runs = await searchRuns(server, 'killed');
    expect(runs.map((run) => run.status)).toEqual(['KILLED', 'KILLED']);
    expect(childrenOf(runs, parentOf(runs)).map((run) => run['tags.foldwise.uid'])).toEqual([
      'killed-fold-0-anew',
    ]);
  },
  patience,
);

test(
  'a server that is killed while a run is sent has every point exactly once after sync',
  async () => {
    const shape: Shape = { name: 'survivor', folds: 3, epochs: 40 };
    const { paths, events } = newRun(shape);
    const warnings: string[] = [];
    const journal = openJournal(paths.events);
    const environment = { MLFLOW_TRACKING_URI: server.uri };
    const warn = (message: string) => warnings.push(message);
    const sender = createLiveSender(
      paths.directory,
      {},
      { journal, warn, environment, interval: 5 },
    );

    const firstEvents = events.slice(0, 60);
    for (const event of firstEvents) {
      journal.append(event);
      sender.poke();
      await new Promise((done) => setTimeout(done, 5));
    }
    await until(async () => (await storedRuns(server.uri, 'survivor')).length >= 2);
    process.kill(-server.pid, 'SIGKILL');
    for (const event of events.slice(60)) {
      journal.append(event);
      sender.poke();
    }
    finishRun(paths, shape);
    const report = await sender.finish(5_000);
    expect(report.state).toBe('incomplete');
    expect(report.message).toContain('foldwise sync');
    expect(warnings.length).toBeLessThanOrEqual(1);

    await server.stop();
    server = await testServer(server.directory);
    expect((await sync(paths)).state).toBe('sent');
    const runs = await searchRuns(server, 'survivor');
    expect(runs).toHaveLength(4);
    expect(runs.map((run) => run.status)).toEqual(Array(4).fill('FINISHED'));
    const written = readJournal(paths.events);
    for (const [index, fold] of childrenOf(runs, parentOf(runs)).entries()) {
      const expected = written.flatMap((event) =>
        event.kind === 'epoch' && event.fold === index
          ? [[event.record.epoch, event.at, lossAt(index, event.record.epoch)]]
          : [],
      );
      const sent = await points(server.uri, String(fold.run_id), 'train/loss');
      expect(sent.map(({ step, timestamp, value }) => [step, timestamp, value])).toEqual(expected);
      expect(await points(server.uri, String(fold.run_id), 'test/accuracy')).toHaveLength(1);
    }
  },
  patience,
);

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 100));
};
