/** A run in a real terminal: lines that change in place, and Ctrl-C. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import {
  cli,
  makeWorkspace,
  readResult,
  runsOf,
  type Workspace,
  writeTinyExperiment,
} from './foldwise.ts';

jest.setTimeout(300_000);

const workspace = makeWorkspace();
writeTinyExperiment(workspace);

/** The command in a terminal; presses Ctrl-C when the texts appear, one after the other. */
function inTerminal(
  { directory }: Workspace,
  command: readonly string[],
  ctrlCAt: readonly string[] = [],
) {
  const { CI: _, MLFLOW_TRACKING_URI: __, ...environment } = process.env;
  const moments = ctrlCAt.flatMap((text) => ['--ctrl-c-at', text]);
  const { status, stdout } = spawnSync(
    'python3',
    [join(import.meta.dirname, 'terminal.py'), ...moments, '--', ...command],
    {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...environment, NODE_OPTIONS: '', TERM: 'xterm' },
    },
  );
  return { code: status, screen: stripVTControlCharacters(stdout) };
}

const run = [process.execPath, cli, 'run', 'experiments/tiny.yaml'];
const longRun = [...run, '--set', 'training.epochs=400', '--folds-at-once', '2'];

test('every fold has its line, and the answer comes after them', () => {
  // Enough epochs that the screen, drawn ten times a second, shows some of them.
  const epochs = ['--set', 'training.epochs=100'];
  const { code, screen } = inTerminal(workspace, [...run, ...epochs, '--folds-at-once', '2']);
  expect(code).toBe(0);
  for (const fold of [0, 1, 2]) {
    expect(screen).toMatch(new RegExp(`fold ${fold}  epoch \\d+/100 \\d+ %  loss \\d`));
    expect(screen).toMatch(new RegExp(`✔ fold ${fold}  completed  loss \\d`));
  }
  const end = screen.slice(screen.lastIndexOf('✔ fold 2'));
  expect(end).toMatch(/evaluating the predictions[\s\S]*metric +mean ± sd[\s\S]*report +\//);
});

test('what is written to a file is the answer alone, though the terminal shows the folds', () => {
  const file = workspace.path('answer.json');
  const line = `${[...run, '--smoke', '--json'].join(' ')} > ${file}`;
  const { code, screen } = inTerminal(workspace, ['sh', '-c', line]);
  expect(code).toBe(0);
  expect(screen).toContain('✔ fold 2  completed');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ status: 'completed' });
});

test('Ctrl-C ends the run in order and tells how to go on; the folds keep their epochs', () => {
  const here = makeWorkspace();
  writeTinyExperiment(here);
  const { code, screen } = inTerminal(here, longRun, ['val_loss']);
  expect(code).toBe(130);
  expect(screen).toContain('stopping after the running batch; Ctrl-C again to stop at once');
  expect(screen).toMatch(
    /Go on with: npm run exp -- run experiments\/tiny.yaml --set training.epochs=400 --resume=/,
  );
  const [directory = ''] = runsOf(here, 'tiny');
  const { status, folds } = readResult(directory);
  expect(status).toBe('interrupted');
  expect(folds.map((fold) => fold.status)).not.toContain('failed');
  const events = readFileSync(join(directory, 'events.jsonl'), 'utf8');
  expect(events.split('"kind":"epoch"').length - 1).toBeLessThan(200);
});

test('Ctrl-C twice stops at once, and the run can go on all the same', () => {
  const here = makeWorkspace();
  writeTinyExperiment(here);
  const { code } = inTerminal(here, longRun, ['val_loss', 'stopping after']);
  expect(code).toBe(130);
  const again = inTerminal(here, [...longRun, '--resume'], ['val_loss']);
  expect(again.code).toBe(130);
  expect(again.screen).toMatch(/Interrupted\. Go on with/);
  expect(runsOf(here, 'tiny')).toHaveLength(1);
});
