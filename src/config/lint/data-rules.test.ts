/** The rules that look at the data, each on a small dataset that triggers it and on one that does not. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { prepareExperiment } from '../../execution/prepare.ts';
import { ConfigError } from '../frame.ts';
import { loadExperiment } from '../load.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-data-rules-'));
process.env.XDG_CACHE_HOME = join(directory, 'cache');

type Row = { readonly label: string; readonly picture: number; readonly part?: string };

/** So many rows of a class, each with a picture of its own, counted from `first`. */
const rows = (label: string, count: number, first: number, part?: string): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    label,
    picture: first + i,
    ...(part === undefined ? {} : { part }),
  }));

const csvOf = (all: readonly Row[]) => {
  const lines = all.map(({ label, picture, part = '' }) => {
    const pixels = [picture % 256, Math.floor(picture / 256), (31 * picture) % 256, 255];
    return `${label},${pixels.join(' ')},${part}`;
  });
  return ['label,pixels,part', ...lines].join('\n');
};

let written = 0;

/** What lint says at the data: `severity ID`, or the problems that refuse the run. */
async function findingsOf(all: readonly Row[], lines = ''): Promise<readonly string[]> {
  written += 1;
  const name = `data-${written}`;
  const parts = all.some(({ part }) => part !== undefined) ? ', split_column: part' : '';
  writeFileSync(join(directory, `${name}.csv`), csvOf(all));
  writeFileSync(
    join(directory, `${name}.yaml`),
    `dataset:
  source: { type: pixel_csv, path: ${name}.csv${parts} }
${lines.trimStart().startsWith('duplicates') ? `  ${lines.trim()}` : `\n${lines}`}
model: { layers: [flatten, { type: dense, units: classes, activation: softmax }] }
`,
  );
  const experiment = loadExperiment(join(directory, `${name}.yaml`));
  try {
    const { lint } = await prepareExperiment(experiment, { onStep: () => {}, onNote: () => {} });
    return lint.map(({ id, severity }) => `${severity} ${id}`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message, hint }) => `${message}; ${hint}`);
  }
}

const even = [...rows('a', 20, 0), ...rows('b', 20, 100)];
const twins = [...even, ...rows('a', 2, 0)];
const contradicting = [...even, ...rows('b', 1, 0)];

test('DATA001 finds identical pictures', async () => {
  expect(await findingsOf(even)).toEqual([]);
  expect(await findingsOf(twins)).toEqual(['warning DATA001']);
  expect(await findingsOf(twins, 'duplicates: keep')).toEqual(['warning DATA001']);
  expect(await findingsOf(twins, 'duplicates: drop')).toEqual([]);
});

test('DATA002 finds the same picture under two labels', async () => {
  expect(await findingsOf(contradicting)).toEqual(['warning DATA001', 'warning DATA002']);
  expect(await findingsOf(twins)).not.toContain('warning DATA002');
});

const inParts = (copies: Row[]) => [
  ...rows('a', 20, 0, 'train'),
  ...rows('b', 20, 100, 'train'),
  ...rows('a', 5, 200, 'test'),
  ...rows('b', 5, 300, 'test'),
  ...copies,
];
const predefined = 'split: { strategy: predefined }';

test('DATA003 refuses identical pictures in two roles of a fixed division', async () => {
  expect(await findingsOf(inParts(rows('a', 3, 0, 'test')), predefined)).toEqual([
    expect.stringMatching(/^DATA003 3 pictures stand in more than one role .*duplicates: drop/),
  ]);
  expect(await findingsOf(inParts(rows('a', 3, 0, 'train')), predefined)).toEqual([
    'warning DATA001',
  ]);
  expect(await findingsOf(inParts([]), predefined)).toEqual([]);
});

/** A saved division of `even`: one fold. */
function splitsFile(name: string, test: readonly number[]): string {
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const fold = {
    fold: 0,
    repeat: 0,
    train: [...range(0, 15), ...range(20, 35)],
    validation: [15, 16, 35, 36],
    test,
  };
  writeFileSync(
    join(directory, name),
    JSON.stringify({ version: 1, type: 'k_fold', hash: '', folds: [fold] }),
  );
  return `split: { strategy: { type: predefined, path: ${name} } }`;
}

test('LEAK003 refuses a saved division in which one sample has two roles', async () => {
  expect(await findingsOf(even, splitsFile('leaking.json', [17, 18, 15, 3, 37]))).toEqual([
    expect.stringMatching(/^LEAK003 fold 0 gives 2 samples two roles, such as index 15/),
  ]);
  expect(await findingsOf(even, splitsFile('sound.json', [17, 18, 37]))).toEqual([]);
});

const rare = [...rows('a', 51, 0), ...rows('b', 10, 100)];

test('IMB001 finds a class much smaller than another, unless something weighs or guards it', async () => {
  expect(await findingsOf(rare)).toEqual(['warning IMB001']);
  expect(await findingsOf(rare.slice(1))).toEqual([]);
  for (const guard of [
    'training: { class_weight: balanced }',
    'training: { sampling: oversample }',
    'thresholds: [{ metric: "recall[b]", min: 0.1 }]',
  ])
    expect(await findingsOf(rare, guard)).toEqual([]);
});

test('SPLIT002 refuses more folds than a class has samples, and says how many work', async () => {
  const few = [...rows('a', 20, 0), ...rows('b', 4, 100)];
  expect(await findingsOf(few)).toEqual([
    expect.stringMatching(/^SPLIT002 class b has 4 samples, fewer than the 5 folds; .* is 4/),
  ]);
  const four = 'split: { strategy: { type: stratified_k_fold, folds: 4 } }';
  expect(await findingsOf(few, four)).toEqual([]);
});

test('GATE001 takes the shares of the classes from the data', async () => {
  const shares = [...rows('a', 30, 0), ...rows('b', 10, 100)];
  expect(await findingsOf(shares, 'thresholds: [{ metric: accuracy, min: 0.75 }]')).toEqual([
    expect.stringMatching(/^GATE001 accuracy ≥ 0.75 is no test: knowing nothing reaches 0.75/),
  ]);
  expect(await findingsOf(shares, 'thresholds: [{ metric: accuracy, min: 0.76 }]')).toEqual([]);
});
