/** What must hold of an evaluation whoever runs it: unseen data, saved splits, seeds, bad input. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { evaluate } from '../../src/metrics/evaluate.ts';
import { readPredictions } from '../../src/result/predictions-file.ts';
import {
  foldwise,
  makeWorkspace,
  readResult,
  runsOf,
  type Workspace,
  writeTinyExperiment,
} from './foldwise.ts';

jest.setTimeout(300_000);

const tiny = ['run', 'experiments/tiny.yaml', '--no-track'];

async function succeed(workspace: Workspace, ...words: string[]): Promise<string> {
  const { code, stderr } = await foldwise(workspace, [...tiny, '--fresh', ...words]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return runsOf(workspace, 'tiny').at(-1) ?? '';
}

/** Exit code and everything that was said, in one line. */
async function fail(workspace: Workspace, ...words: string[]) {
  const { code, stderr } = await foldwise(workspace, words);
  return { code, said: stderr.replace(/\s+/g, ' ') };
}

/** The first rows of the digits of four classes, by the header and the rows of the whole file. */
function someDigits(workspace: Workspace): string {
  const [header = '', ...lines] = readFileSync(workspace.path('data', 'digits.csv'), 'utf8')
    .trim()
    .split('\n');
  const labelColumn = header.split(',').indexOf('label');
  const wanted = lines.filter((line) => Number(line.split(',')[labelColumn]) < 4).slice(-60);
  // The other way round: classes must be found by their names.
  return [header, ...wanted.reverse()].join('\n');
}

test('unseen data are predicted whole by every fold and by all folds together', async () => {
  const workspace = makeWorkspace();
  writeFileSync(workspace.path('data', 'others.csv'), someDigits(workspace));
  const file = writeTinyExperiment(workspace);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      '  limit: 20\n',
      '  limit: 20\n  unseen:\n    others: { type: pixel_csv, path: ../data/others.csv }\n',
    ),
  );
  const run = await succeed(workspace);
  const result = readResult(run);
  const others = result.unseen.others;
  expect(others?.samples).toBe(60);
  const classes = result.dataset.classes.map(({ name }) => name);
  expect(others?.classes.map(({ name }) => name)).toEqual(classes);
  expect(others?.classes.slice(4).every(({ count }) => count === 0)).toBe(true);
  const predictions = [0, 1, 2].map((fold) =>
    readPredictions(join(run, 'folds', String(fold), 'unseen-others.csv'), classes, null),
  );
  const names = ['accuracy', 'f1_macro', 'log_loss'];
  const of = (metrics: Readonly<Record<string, number | null>> = {}) =>
    Object.fromEntries(names.map((name) => [name, metrics[name]]));
  for (const [fold, one] of predictions.entries()) {
    expect([...one.indices]).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(evaluate(one, names).metrics).toEqual(of(others?.folds[fold]?.metrics));
  }
  const [first, second, third] = predictions;
  const mean = first?.probabilities.map(
    (p, i) => p / 3 + (second?.probabilities[i] ?? 0) / 3 + (third?.probabilities[i] ?? 0) / 3,
  );
  if (!first || !mean) throw new Error('no predictions');
  expect(evaluate({ ...first, probabilities: mean }, names).metrics).toEqual(
    of(others?.ensemble.metrics),
  );
  const report = readFileSync(join(run, 'report.html'), 'utf8');
  expect(report).toMatch(/others \(60 images\)/);
  const gallery = (report.split('class="gallery"')[1] ?? '').split('</section>')[0] ?? '';
  expect(gallery.match(/<img src="data:image\/png/g)).toHaveLength(12);
  expect(gallery.match(/class="bar"/g)).toHaveLength(12 * classes.length);
});

const oneEpoch = ['--set', 'training.epochs=1'];

/** A run that several tests compare others with; trained by the first that asks. */
let compared: Promise<{ workspace: Workspace; base: string }> | undefined;
const baseRun = () => {
  compared ??= (async () => {
    const workspace = makeWorkspace();
    writeTinyExperiment(workspace);
    return { workspace, base: await succeed(workspace, ...oneEpoch) };
  })();
  return compared;
};

test('a saved split gives the same folds, with --set', async () => {
  const { workspace, base } = await baseRun();
  const strategy = `split.strategy={type: predefined, path: ${join(base, 'splits.json')}}`;
  const second = await succeed(workspace, ...oneEpoch, '--set', strategy, '--set', 'seed=7');
  expect(readResult(second).split.hash).toBe(readResult(base).split.hash);
  expect(readResult(second).folds.map(({ fold }) => fold)).toEqual([0, 1, 2]);
  const page = workspace.path('both.html');
  const words = ['compare', base, second, '--json', '-o', page];
  const { code, stdout } = await foldwise(workspace, words);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).split.folds).toBe(3);
  const links = [...readFileSync(page, 'utf8').matchAll(/href="([^"#]+)"/g)];
  expect(links.map(([, link = '']) => existsSync(join(workspace.directory, link)))).toEqual([
    true,
    true,
  ]);
});

test('several seeds train each fold again, and their variance is told from that of the folds', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace, 'seeds: 2\n');
  const run = await succeed(workspace);
  const { folds, summary } = readResult(run);
  expect(folds.map(({ fold, partition }) => [fold, partition])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 0],
    [4, 1],
    [5, 2],
  ]);
  expect(new Set(folds.map(({ seed }) => seed)).size).toBe(6);
  const of = (fold: number) => folds[fold]?.metrics.accuracy ?? 0;
  const { n, mean, variance } = summary.accuracy ?? {};
  expect(n).toBe(3);
  expect(mean).toBeCloseTo([0, 1, 2, 3, 4, 5].reduce((sum, fold) => sum + of(fold), 0) / 6, 12);
  // Two values of a fold: their sample variance is half the square of their difference.
  const within = [0, 1, 2].reduce((sum, fold) => sum + (of(fold) - of(fold + 3)) ** 2 / 2, 0) / 3;
  expect(variance?.seed).toBeCloseTo(Math.sqrt(within), 12);
  expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('sd of seeds');
});

test('a class smaller than the folds exits with 2 and says how many folds work', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const few = ['--set', 'dataset.limit=4', '--set', 'split.strategy.folds=5'];
  const { code, said } = await fail(workspace, ...tiny, ...few);
  expect(code).toBe(2);
  expect(said).toMatch(/class 0 has 4 samples, fewer than the 5 folds.*number.*works is 4/);
});

test('a group that holds a whole class exits with 2 and names both', async () => {
  const workspace = makeWorkspace();
  const rows = Array.from({ length: 30 }, (_, i) => {
    const label = i % 3;
    // Class 2 lies in group g4 alone.
    const group = label === 2 ? 4 : Math.floor(i / 3) % 4;
    return `${label},${i} ${2 * i} ${255 - i} 7,g${group}`;
  });
  writeFileSync(workspace.path('data', 'groups.csv'), ['label,pixels,who', ...rows].join('\n'));
  writeTinyExperiment(workspace);
  const source = 'dataset.source={type: pixel_csv, path: data/groups.csv, group_column: who}';
  const strategy = 'split.strategy={type: group_k_fold, folds: 3}';
  const { code, said } = await fail(workspace, ...tiny, '--set', source, '--set', strategy);
  expect(code).toBe(2);
  expect(said).toContain('Group "g4" holds all 10 samples of class "2"');
});

test('a validation part too small for its classes, or empty, exits with 2 and the numbers', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  const small = await fail(workspace, ...tiny, '--set', 'split.validation.fraction=0.01');
  expect(small.code).toBe(2);
  expect(small.said).toMatch(/validation part of fold 0.* 2 .*10 classes/);
  const fold = { fold: 0, repeat: 0, train: [0, 1, 2], validation: [], test: [3, 4] };
  const saved = { version: 1, type: 'holdout', hash: '', folds: [fold] };
  writeFileSync(workspace.path('splits.json'), JSON.stringify(saved));
  const strategy = 'split.strategy={type: predefined, path: splits.json}';
  const empty = await fail(workspace, ...tiny, '--set', strategy);
  expect(empty.code).toBe(2);
  expect(empty.said).toContain('folds[0].validation is empty');
});

test('predictions that are no numbers fail their fold, and all folds together the run', async () => {
  const workspace = makeWorkspace();
  writeTinyExperiment(workspace);
  // One batch is an epoch: the loss is computed before the step that breaks the weights.
  const broken = [
    'training.epochs=1',
    'training.batch_size=500',
    'training.optimizer={type: sgd, learning_rate: 1.0e+38}',
  ].flatMap((change) => ['--set', change]);
  const { code, said } = await fail(workspace, ...tiny, ...broken);
  expect(code).toBe(3);
  expect(said).toMatch(/predicted NaN \(27 of 27 rows are not finite/);
  const [run = ''] = runsOf(workspace, 'tiny');
  expect(readResult(run).summary.accuracy?.mean).toBeNull();
});

test('runs of different data, or with folds missing, are not compared: exit 3 with the numbers', async () => {
  const { workspace, base } = await baseRun();
  const fewer = await succeed(workspace, ...oneEpoch, '--set', 'dataset.limit=18');
  const data = await fail(workspace, 'compare', base, fewer);
  expect(data.code).toBe(3);
  expect(data.said).toMatch(/different data \(200 samples, fingerprint \w+; 180 samples,/);
  const reseeded = await succeed(workspace, ...oneEpoch, '--set', 'seed=3');
  const folds = await fail(workspace, 'compare', base, reseeded);
  expect(folds.code).toBe(3);
  expect(folds.said).toMatch(/different folds \(split hashes \w+ and \w+\)/);
  cpSync(base, join(workspace.directory, 'partial'), { recursive: true });
  const partial = join(workspace.directory, 'partial', 'result.json');
  const result = readResult(base);
  const lost = result.folds.map((fold, i) => (i === 1 ? { ...fold, status: 'failed' } : fold));
  writeFileSync(partial, JSON.stringify({ ...result, run_id: 'partial', folds: lost }));
  const missing = await fail(workspace, 'compare', base, join(workspace.directory, 'partial'));
  expect(missing.code).toBe(3);
  expect(missing.said).toContain('partial has 2 of 3 folds');
});
