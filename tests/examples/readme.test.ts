/** What README promises is there: its experiment and its commands. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { verbs } from '../../src/cli/index.ts';
import { foldwise, makeWorkspace, readResult, runsOf } from '../end-to-end/foldwise.ts';

jest.setTimeout(300_000);

const root = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = textOf('README.md');

/** What one group of the pattern matches, throughout the text. */
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

test('the experiment in README runs as it stands and holds its threshold', async () => {
  const [yaml = ''] = all(readme, /```yaml\n([\s\S]*?)```/g);
  const workspace = makeWorkspace();
  writeFileSync(workspace.path('readme.yaml'), yaml);
  const { code, stderr } = await foldwise(workspace, ['readme.yaml', '--no-track']);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const [run = ''] = runsOf(workspace, 'digits');
  expect(readResult(run).thresholds).toMatchObject({ verdict: 'passed' });
});

test('every npm script that README and CONTRIBUTING name is in package.json', () => {
  const text = readme + textOf('CONTRIBUTING.md');
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: object };
  const named = [...all(text, /npm run ([a-z]+)/g), 'test'];
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});

test('every verb and flag that README names exists', () => {
  const table = readme.split('\n').filter((line) => line.startsWith('| `'));
  const named = table.flatMap((line) => all(line.split('|')[1] ?? '', /`([a-z]+)[^`]*`/g));
  expect(named.length).toBeGreaterThan(8);
  expect(Object.keys(verbs)).toEqual(expect.arrayContaining(named));
  const flags = Object.values(verbs).flatMap((verb) => Object.keys(verb.flags));
  expect(flags).toEqual(expect.arrayContaining(all(readme, /--([a-z][a-z-]+)/g)));
});
