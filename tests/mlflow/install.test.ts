/** What the user is told when MLflow cannot be installed; that it can, the other tests show. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { installMlflow } from '../../src/tracking/mlflow/install.ts';
import { patience } from './server.ts';

const before = { ...process.env };
afterEach(() => {
  process.env.PATH = before.PATH;
  delete process.env.PIP_NO_INDEX;
  delete process.env.PIP_FIND_LINKS;
});

const newDirectory = () => join(mkdtempSync(join(tmpdir(), 'foldwise-install-')), 'mlflow');
const silent = () => undefined;

test('without Python it says which one is needed', async () => {
  process.env.PATH = mkdtempSync(join(tmpdir(), 'foldwise-empty-'));
  await expect(installMlflow(silent, undefined, newDirectory())).rejects.toMatchObject({
    code: 'SETUP',
    hint: expect.stringContaining('Python 3.10'),
  });
});

test(
  'without packages it shows what pip said, frees the lock, and does not count as done',
  async () => {
    process.env.PIP_NO_INDEX = '1';
    process.env.PIP_FIND_LINKS = mkdtempSync(join(tmpdir(), 'foldwise-empty-'));
    const directory = newDirectory();
    await expect(installMlflow(silent, undefined, directory)).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('No matching distribution found for mlflow'),
    });
    expect(existsSync(`${directory}.lock`)).toBe(false);
    expect(existsSync(join(directory, 'complete'))).toBe(false);
  },
  patience,
);

test('a lock that a dead process left does not hold it up; an interruption ends it', async () => {
  const directory = newDirectory();
  // Above the highest number that Linux gives (2^22).
  writeFileSync(`${directory}.lock`, '4194305');
  const interrupt = new AbortController();
  const told: string[] = [];
  const progress = (message: string) => {
    told.push(message);
    interrupt.abort();
  };
  await expect(installMlflow(progress, interrupt.signal, directory)).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
  expect(told).toEqual(['making a virtual environment for MLflow']);
});
