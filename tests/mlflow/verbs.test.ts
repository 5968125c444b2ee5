/** `foldwise ui` and `foldwise sync` as a user runs them, with a real MLflow server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { patience } from './server.ts';
import { finishRun, newRun, type Shape, writeEvents } from './synthetic-run.ts';

const root = join(import.meta.dirname, '..', '..');
const shape: Shape = { name: 'shown', folds: 2, epochs: 2 };

/** A directory with one finished run in `runs/`. */
const emptyDirectory = (): string => {
  const { paths, events } = newRun(shape);
  writeEvents(paths, events);
  finishRun(paths, shape);
  return join(paths.directory, '..', '..', '..');
};

type Foldwise = { process: ChildProcess; output: () => string; ended: Promise<number | null> };

const foldwise = (
  cwd: string,
  words: string[],
  environment: Record<string, string> = {},
): Foldwise => {
  const loader = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const child = spawn('node', ['--import', loader, join(root, 'src', 'cli.ts'), ...words], {
    cwd,
    env: { ...inherited, ...environment },
  });
  let output = '';
  const read = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<number | null>((done) => {
    child.on('close', done);
  });
  return { process: child, output: () => output, ended };
};

/** Waits for words in the output; fails with all of it if the process ends before. */
const said = async ({ output, process: child }: Foldwise, words: RegExp): Promise<string> => {
  for (;;) {
    const found = words.exec(output());
    if (found !== null) return found[0];
    if (child.exitCode !== null) throw new Error(output());
    await new Promise((done) => setTimeout(done, 50));
  }
};

const runsOn = async (uri: string): Promise<number> => {
  const response = await fetch(`${uri}/api/2.0/mlflow/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_ids: ['0', '1', '2'], max_results: 100 }),
  });
  // Shape as documented for runs/search.
  return ((await response.json()) as { runs?: unknown[] }).runs?.length ?? 0;
};

test(
  'ui shows all runs, also those that end later, is found by a second one, and ends cleanly',
  async () => {
    const cwd = emptyDirectory();
    const ui = foldwise(cwd, ['ui', '--port', '5700']);
    const address = await said(ui, /http:\/\/127\.0\.0\.1:\d+\/#\/experiments\?workflowType=\S+/);
    const uri = new URL(address).origin;
    expect(await runsOn(uri)).toBe(3);
    expect(await (await fetch(uri)).text()).toContain('MLflow');

    const second = foldwise(cwd, ['ui']);
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain(address);

    const sync = foldwise(cwd, ['sync', '--json']);
    expect(await sync.ended).toBe(0);
    expect(JSON.parse(sync.output())).toMatchObject([{ state: 'up_to_date' }]);

    const later = newRun({ ...shape, name: 'later' }, join(cwd, 'runs'));
    writeEvents(later.paths, later.events);
    await said(ui, /sent \S*later\S*/);
    expect(await runsOn(uri)).toBe(6);

    ui.process.kill('SIGINT');
    expect(await ui.ended).toBe(0);
    await expect(fetch(uri)).rejects.toThrow('fetch failed');
  },
  patience,
);

test(
  'sync to a server that is not there says what to do, with exit code 4',
  async () => {
    const sync = foldwise(emptyDirectory(), ['sync'], {
      MLFLOW_TRACKING_URI: 'http://127.0.0.1:5999',
    });
    expect(await sync.ended).toBe(4);
    expect(sync.output()).toContain('The MLflow server cannot be reached: http://127.0.0.1:5999');
    expect(sync.output()).toContain('foldwise ui');
  },
  patience,
);

test(
  'sync without a server names the ways to name one, with exit code 2',
  async () => {
    const sync = foldwise(emptyDirectory(), ['sync']);
    expect(await sync.ended).toBe(2);
    expect(sync.output()).toContain('MLFLOW_TRACKING_URI');
  },
  patience,
);
