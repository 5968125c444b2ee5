import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { failureData } from './cli/failure.ts';
import { verbs } from './cli/index.ts';
import { takesColor } from './cli/terminal.ts';
import { ExperimentError, exitCodes } from './errors.ts';

const root = join(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'foldwise-cli-'));

/** The command itself, from its source. */
const foldwise = (...words: string[]) => {
  const tsx = import.meta.resolve('tsx');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', tsx, join(root, 'src/cli.ts'), ...words],
    { cwd: directory, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return { status, stdout, stderr };
};
const broken = join(directory, 'broken.yaml');
writeFileSync(broken, 'dataset: { source: { type: fer_csv, path: a.csv } }\nmodle: {}\n');

test('--version and --help answer on stdout, no verb is a usage error', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(foldwise('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(foldwise('--help')).toMatchObject({ status: 0, stderr: '' });
  expect(foldwise('validate', '--help').stdout).toMatch(/^usage: foldwise validate FILE…/);
  expect(foldwise('validat')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('did you mean "validate"?'),
  });
});

test('init writes an experiment that validates, and never over another', () => {
  expect(foldwise('init', 'first')).toMatchObject({ status: 0 });
  const file = join('experiments', 'first.yaml');
  expect(foldwise('validate', file)).toEqual({ status: 0, stdout: `${file}: valid\n`, stderr: '' });
  expect(foldwise('init', 'first')).toMatchObject({ status: 2 });
  expect(foldwise('show', file, '--set', 'training.epochs=3').stdout).toMatch(
    /epochs: 3 # --set training\.epochs=3\n/,
  );
});

test('validate tells all files and their errors, as text and as JSON', () => {
  const text = foldwise('validate', broken, 'nowhere.yaml');
  expect(text.status).toBe(2);
  expect(text.stderr).toContain('broken.yaml:2:1 unknown key "modle"');
  expect(text.stderr).toContain('did you mean "model"?');
  expect(text.stderr).toContain('there is no file nowhere.yaml');
  const json = foldwise('validate', broken, '--json');
  expect(json).toMatchObject({ status: 2, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject([
    { valid: false, error: { problems: [{ path: '' }, { path: 'modle', position: { line: 2 } }] } },
  ]);
});

test('every verb stands under its name and says what it does', () => {
  for (const [name, verb] of Object.entries(verbs)) {
    expect(verb.name).toBe(name);
    expect(verb.summary).toMatch(/\w{3}/);
    for (const flag of Object.values(verb.flags)) expect(flag.description).toMatch(/\w{3}/);
  }
});

test('a failure has a code of its own; what is no failure of the user is a bug', () => {
  const known = new ExperimentError('DISK', 'the disk is full', 'make room');
  expect(failureData(known)).toEqual({
    code: 'DISK',
    message: 'the disk is full',
    hint: 'make room',
  });
  expect(failureData(new TypeError('x is undefined'))).toMatchObject({
    code: 'BUG',
    stack: expect.stringContaining('TypeError'),
  });
  expect(exitCodes.DISK).toBe(4);
});

test('colours are for terminals that want them', () => {
  expect(takesColor({ isTTY: true }, {})).toBe(true);
  expect(takesColor({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(takesColor({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(takesColor({}, {})).toBe(false);
});
