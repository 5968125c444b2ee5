/** Two processes that read the same dataset for the first time, at the same time. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-processes-'));
afterAll(() => rmSync(directory, { recursive: true }));

const program = `
  import { loadDataset } from './src/dataset/load.ts';
  const source = { type: 'synthetic_faces', samples: 100, identities: 5, noise: 8 };
  const config = { source, duplicates: 'group', near_duplicates: 'report' };
  const { fingerprint } = await loadDataset(config, { seed: 1, cacheDirectory: process.env.CACHE });
  console.log(fingerprint);
`;

test('both get the same dataset, and one directory remains', async () => {
  const load = () =>
    promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type', 'module', '--eval', program],
      {
        cwd: join(import.meta.dirname, '../..'),
        env: { ...process.env, CACHE: directory, NODE_OPTIONS: '' },
      },
    );
  const [one, other] = await Promise.all([load(), load()]);
  expect(one.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  expect(other.stdout).toBe(one.stdout);
  expect(readdirSync(join(directory, 'datasets'))).toHaveLength(1);
}, 60_000);
