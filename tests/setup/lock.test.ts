import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { importScript } from './scratch-clone.ts';

const { withLock } = await importScript('lock.mjs');

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foldwise-lock-'));
  path = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

const doNothing = () => {};

test('the lock is gone after the work, also after work that failed', async () => {
  expect(await withLock(path, doNothing, async () => existsSync(path))).toBe(true);
  expect(existsSync(path)).toBe(false);
  const failing = withLock(path, doNothing, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
});

test('processes that want the same lock work one after the other', async () => {
  const log = join(folder, 'log');
  const script = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(join(import.meta.dirname, '../../scripts/setup/lock.mjs'))};
    await withLock(${JSON.stringify(path)}, () => {}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await setTimeout(50);
      appendFileSync(${JSON.stringify(log)}, 'out ');
    });`;
  const ends = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    return new Promise((resolve) => child.on('close', resolve));
  });
  expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
  expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(4));
});

test('a lock whose process is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--eval', '']);
  writeFileSync(path, JSON.stringify({ pid, host: hostname(), token: 'gone' }));
  expect(await withLock(path, doNothing, async () => 'worked')).toBe('worked');
});

test('a lock of another machine is taken over once it is no longer touched', async () => {
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'another', token: 'other' }));
  const waitedFor: number[] = [];
  const work = withLock(
    path,
    (pid: number) => {
      waitedFor.push(pid);
      utimesSync(path, 0, 0); // as if its holder had stopped long ago
    },
    async () => 'worked',
  );
  expect(await work).toBe('worked');
  expect(waitedFor).toEqual([1]);
});
