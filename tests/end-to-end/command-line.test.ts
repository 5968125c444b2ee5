/** The command as a shell, a script and a terminal meet it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { cli, foldwise, makeWorkspace, runsOf, writeTinyExperiment } from './foldwise.ts';

jest.setTimeout(120_000);

const workspace = makeWorkspace();
writeTinyExperiment(workspace);
const tiny = 'experiments/tiny.yaml';

test.each([
  [['vaildate', tiny], /there is no verb "vaildate"\n\ndid you mean "validate"\?/],
  [['run', tiny, '--smok'], /run has no flag --smok\n\ndid you mean "--smoke"\?/],
  [['run'], /run needs FILE\n\nusage: foldwise run FILE/],
  [
    ['run', 'experiments/tyni.yaml'],
    /there is no file experiments\/tyni\.yaml\n\ndid you mean experiments\/tiny\.yaml\?/,
  ],
  [['tiny'], /there is no verb "tiny"\n\ndid you mean the experiment experiments\/tiny\.yaml\?/],
  [['run', tiny, '--set', 'training.epoch=3'], /epoch[\s\S]*did you mean "epochs"\?/i],
  [['run', tiny, '--folds', '0,7'], /there is no fold 7\n\nThe folds are 0 … 2/],
  [['run', tiny, '--folds', 'all'], /--folds takes numbers, not "all"/],
])('foldwise %j is a usage error that says what was meant', async (words, message) => {
  const { code, stdout, stderr } = await foldwise(workspace, words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('with --json, stdout holds one JSON value and nothing else, errors included', async () => {
  const calls: [string[], number][] = [
    [['validate', tiny, 'experiments/lenet5.yaml'], 0],
    [['show', tiny], 0],
    [['plan', tiny], 0],
    [['run', tiny, '--smoke', '--no-track'], 0],
    [['check', 'tiny'], 0],
    [['validate', 'experiments/none.yaml'], 2],
    [['run', tiny, '--set', 'training.epochs=none'], 2],
    [['plan', tiny, '--nonsense'], 2],
  ];
  for (const [words, expected] of calls) {
    const { code, stdout } = await foldwise(workspace, [...words, '--json']);
    expect([words, code]).toEqual([words, expected]);
    expect([words, typeof JSON.parse(stdout)]).toEqual([words, 'object']);
  }
});

/** Writes the shared libraries that the process has loaded when it ends. */
const libraries = workspace.path('libraries.json');
const spy = workspace.path('spy.cjs');
writeFileSync(
  spy,
  `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(libraries)},
  JSON.stringify(process.report.getReport().sharedObjects)));`,
);

test.each([
  [['--help'], false],
  [['run', '--help'], false],
  [['validate', tiny, 'experiments/sequential.yaml'], false],
  [['show', tiny], false],
  [['doctor'], true],
])('foldwise %j loads TensorFlow: %s', async (words, expected) => {
  await foldwise(workspace, words, { NODE_OPTIONS: `--require ${spy}` });
  const loaded = readFileSync(libraries, 'utf8');
  expect(loaded).toContain('libc.so');
  expect(/tensorflow/.test(loaded)).toBe(expected);
});

/** Runs a line of bash; `$foldwise` is the command. */
const bash = (line: string, environment: NodeJS.ProcessEnv = {}) =>
  spawnSync('bash', ['-c', line], {
    cwd: workspace.directory,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      foldwise: `${process.execPath} ${cli}`,
      ...environment,
    },
  });

test('a reader that has enough (| head -1) is no failure', () => {
  const { stdout, stderr } = bash(
    `$foldwise schema | head -1; echo "code \${PIPESTATUS[0]}"; $foldwise validate ${tiny} none.yaml 2>&1 | true; echo "code \${PIPESTATUS[0]}"`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: '{\ncode 0\ncode 2\n', stderr: '' });
});

/** In a terminal of its own, as Python's standard library makes one. */
const inTerminal = (environment: NodeJS.ProcessEnv) =>
  bash(
    `python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' $foldwise validate none.yaml </dev/null`,
    environment,
  ).stdout;

test('a terminal gets colour, unless NO_COLOR is set', () => {
  const colour = '\u001b[';
  expect(inTerminal({ NO_COLOR: '', TERM: 'xterm' })).toContain(`${colour}31merror`);
  expect(inTerminal({ NO_COLOR: '1', TERM: 'xterm' })).not.toContain(colour);
  expect(inTerminal({ NO_COLOR: '', TERM: 'dumb' })).not.toContain(colour);
});

test('a runs directory that cannot be written is the environment’s failure', async () => {
  const here = makeWorkspace();
  writeTinyExperiment(here);
  writeFileSync(here.path('runs'), 'a file');
  const { code, stdout, stderr } = await foldwise(here, ['run', tiny, '--no-track']);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/runs\/tiny: a file is where a directory should be/);
  expect(stderr).not.toMatch(/\n {4}at /);
});

/** Every write to a file below `runs/` fails as on a full disk, from this one on. */
const fullAfter = (writes: number): string => {
  const file = workspace.path(`full-after-${writes}.cjs`);
  writeFileSync(
    file,
    `const fs = require('node:fs');
let left = ${writes};
const opened = new Map();
const fail = (path) => {
  if (!/\\/runs\\//.test(String(path)) || left-- > 0) return;
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
};
const { openSync, writeFileSync, writeSync, appendFileSync } = fs;
fs.openSync = (path, ...rest) => { const fd = openSync(path, ...rest); opened.set(fd, path); return fd; };
fs.writeFileSync = (path, ...rest) => { fail(opened.get(path) ?? path); return writeFileSync(path, ...rest); };
fs.appendFileSync = (path, ...rest) => { fail(opened.get(path) ?? path); return appendFileSync(path, ...rest); };
fs.writeSync = (fd, ...rest) => { fail(opened.get(fd)); return writeSync(fd, ...rest); };
require('node:module').syncBuiltinESMExports();
`,
  );
  return file;
};

test('a disk that fills up anywhere in a run exits with 4, and --resume goes on', async () => {
  for (const writes of [2, 12]) {
    const here = makeWorkspace();
    writeTinyExperiment(here);
    const words = ['run', tiny, '--no-track', '--folds-at-once', '1'];
    const full = await foldwise(here, words, { NODE_OPTIONS: `--require ${fullAfter(writes)}` });
    expect({ writes, ...full }).toMatchObject({ writes, code: 4 });
    expect(full.stderr).toMatch(/no space|disk is full/);
    expect(full.stderr).not.toMatch(/\n {4}at /);
    const again = await foldwise(here, words);
    expect({ writes, code: again.code }).toEqual({ writes, code: 0 });
    const [first = '', ...others] = runsOf(here, 'tiny');
    expect(existsSync(join(others.at(-1) ?? first, 'report.html'))).toBe(true);
  }
});
