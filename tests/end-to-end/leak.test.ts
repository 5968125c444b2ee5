import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { parseSplits } from '../../src/split/splits-file.ts';
import { foldwise, makeWorkspace, runsOf, writeTinyExperiment } from './foldwise.ts';

jest.setTimeout(300_000);

type Told = { readonly way: 'hears' | 'says'; readonly message: { readonly kind?: string } };

/** Every array of numbers anywhere in a message. */
function arraysIn(value: unknown): number[][] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number'))
    return [value];
  return Object.values(value).flatMap(arraysIn);
}

test('a fold’s process hears of its test part only after it has said that it has trained', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const records = workspace.path('records');
  mkdirSync(records);
  const { code, stderr } = await foldwise(workspace, ['experiments/tiny.yaml', '--no-track'], {
    NODE_OPTIONS: `--import ${join(import.meta.dirname, 'recorder.mjs')}`,
    RECORD: join(records, 'fold'),
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const [run = ''] = runsOf(workspace, 'tiny');
  const folds = parseSplits(readFileSync(join(run, 'splits.json'), 'utf8'), 'splits.json');
  const processes = readdirSync(records)
    .map((file): Told[] =>
      readFileSync(join(records, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
    .filter((told) => told.some(({ message }) => message.kind === 'train'));
  expect(processes).toHaveLength(3);
  for (const told of processes) {
    const kinds = told.map(({ way, message }) => `${way} ${message.kind}`);
    const trained = kinds.indexOf('says trained');
    expect(kinds.indexOf('hears evaluate')).toBeGreaterThan(trained);
    expect(kinds.slice(0, trained).filter((kind) => kind.startsWith('hears'))).toEqual([
      'hears train',
    ]);
    const before = arraysIn(told.slice(0, trained));
    const part = arraysIn(told[kinds.indexOf('hears evaluate')]);
    const { test = new Uint32Array() } =
      folds.find((fold) => part.some((array) => String(array) === String([...fold.test]))) ?? {};
    expect(test.length).toBeGreaterThan(0);
    // Small numbers are class indices and sizes, too.
    const tested = new Set([...test].filter((index) => index > 20));
    expect(before.filter((array) => array.some((value) => tested.has(value)))).toEqual([]);
  }
});
