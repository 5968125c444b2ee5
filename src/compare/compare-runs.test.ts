import { expect, test } from '@jest/globals';
import type { ExperimentResult, FoldRecord } from '../result/experiment-result.ts';
import { compareRuns, type RunToCompare } from './compare-runs.ts';
import { headlineVerdicts, overallVerdict } from './verdict-sentence.ts';

const fold = (number: number, accuracy: number): FoldRecord => ({
  fold: number,
  partition: number,
  repeat: 0,
  seed: number,
  status: 'completed',
  epochs_run: 3,
  best_epoch: 2,
  seconds: 10,
  metrics: { accuracy, log_loss: 1 - accuracy },
  reasons: {},
  per_class: [],
  confusion_matrix: [],
});

const dataset = (source_fingerprint: string, channels = 1) => ({
  fingerprint: `${source_fingerprint} ${channels}`,
  source_fingerprint,
  samples: 100,
  synthetic: false,
  image: { height: 48, width: 48, channels },
});

const noSummary = { mean: null, sd: null, ci95: null, n: 5, pooled: null };

function run(name: string, accuracies: readonly number[], changes: object = {}): RunToCompare {
  // Only what a comparison reads.
  const result = {
    schema_version: 1,
    run_id: `id-${name}`,
    name,
    smoke: false,
    config: { training: { epochs: 20 } },
    dataset: dataset('data'),
    split: {
      type: 'stratified_k_fold',
      hash: 'split',
      folds: accuracies.map((_, i) => ({ fold: i, train: 72, validation: 8, test: 20 })),
    },
    model: { parameters: { total: 10 } },
    folds: accuracies.map((accuracy, i) => fold(i, accuracy)),
    summary: { accuracy: noSummary, log_loss: noSummary },
    know_nothing: {},
    lint: [],
    selection: { rule: 'early_stopping', monitor: 'val_loss' },
    ...changes,
  } as unknown as ExperimentResult;
  const correct = new Map(
    Array.from({ length: 100 }, (_, i) => [i, i % 10 < 10 * (accuracies[0] ?? 0)] as const),
  );
  return { result, correct };
}

const low = [0.5, 0.52, 0.49, 0.51, 0.5];
const high = [0.6, 0.62, 0.58, 0.61, 0.61];

test('a clear difference is better, seen from the other side worse, in the metric’s direction', () => {
  const up = compareRuns([run('low', low), run('high', high)]);
  const pair = (metric: string) => up.pairs.find((one) => one.metric === metric);
  expect(pair('accuracy')?.verdict).toBe('better');
  expect(pair('accuracy')?.difference).toBeCloseTo(0.1, 10);
  expect(pair('log_loss')?.verdict).toBe('better');
  const down = compareRuns([run('high', high), run('low', low)]);
  expect(down.pairs.map(({ verdict }) => verdict)).toEqual(['worse', 'worse']);
  expect(headlineVerdicts(up)).toEqual([
    expect.stringMatching(/^high is better than low in accuracy by 0\.1000 /),
  ]);
});

test('noise is not separable, and the sentence says what could have been found', () => {
  const comparison = compareRuns([run('a', low), run('b', [0.53, 0.49, 0.52, 0.48, 0.51])]);
  expect(comparison.pairs.map(({ verdict }) => verdict)).toEqual([
    'not separable',
    'not separable',
  ]);
  expect(headlineVerdicts(comparison)[0]).toMatch(/not separable .* finds differences of about/);
});

test('three models have ranks, and every pair is Holm-adjusted', () => {
  const comparison = compareRuns([run('a', low), run('b', high), run('c', low)]);
  expect(comparison.pairs.filter(({ metric }) => metric === 'accuracy')).toHaveLength(3);
  expect(comparison.pairs.every(({ p, pHolm }) => pHolm >= p)).toBe(true);
  expect(comparison.ranks?.meanRanks).toEqual([2.5, 1, 2.5]);
  expect(comparison.mcnemar).toHaveLength(3);
});

test.each([
  ['other data', { dataset: dataset('other') }, /different data/],
  ['other folds', { split: { ...run('a', low).result.split, hash: 'other' } }, /different folds/],
  [
    'other roles',
    {
      split: {
        ...run('a', low).result.split,
        folds: low.map((_, i) => ({ fold: i, train: 80, validation: 0, test: 20 })),
      },
    },
    /parts of different sizes .*72\/8\/20 and 80\/0\/20/,
  ],
  ['a smoke run', { smoke: true }, /is a smoke run/],
  [
    'a missing fold',
    {
      folds: low.map((accuracy, i) => ({
        ...fold(i, accuracy),
        status: i ? 'completed' : 'failed',
      })),
    },
    /has 4 of 5 folds/,
  ],
])('%s is refused with the reason', (_, changes, reason) => {
  expect(() => compareRuns([run('a', low), run('b', high, changes)])).toThrow(reason);
});

test('different budgets are a warning that names them', () => {
  const longer = run('b', high, { config: { training: { epochs: 50 } } });
  expect(compareRuns([run('a', low), longer]).warnings).toEqual([
    { id: 'PROTO001', message: expect.stringMatching(/a 20, b 50/) },
  ]);
});

test('what lint said of a run stands once, with the runs that it is about', () => {
  const finding = (id: string, off?: string) => ({
    id,
    severity: 'warning',
    message: 'm',
    line: 1,
    off,
  });
  const all = [finding('IMB001'), finding('PROTO001'), finding('DATA001', 'because')];
  const a = run('a', low, { lint: all });
  const b = run('b', high, { lint: [...all, finding('PROTO002')] });
  expect(compareRuns([a, b]).warnings).toEqual([
    { id: 'IMB001', message: 'm' },
    { id: 'PROTO002', message: 'b: m' },
  ]);
});

test('every fold’s value of a metric is kept, averaged over seeds', () => {
  expect(compareRuns([run('a', low), run('b', high)]).runs[1]?.values.accuracy).toEqual(high);
});

test('of several pairs the sentences say that p is adjusted', () => {
  const evidence = (...runs: RunToCompare[]) => headlineVerdicts(compareRuns(runs))[0];
  expect(evidence(run('a', low), run('b', high))).toMatch(/, p [=<] /);
  expect(evidence(run('a', low), run('b', high), run('c', low))).toMatch(/, Holm-adjusted p [=<] /);
});

test('one sentence says which model is better than which', () => {
  const middle = [0.53, 0.49, 0.52, 0.48, 0.51];
  const said = (...runs: RunToCompare[]) => overallVerdict(compareRuns(runs));
  expect(said(run('a', low), run('b', high))).toBe('b is better than a in accuracy.');
  expect(said(run('a', low), run('b', middle))).toBe('a and b are not separable in accuracy.');
  expect(said(run('a', low), run('b', high), run('c', middle))).toBe(
    'b is better than a and c in accuracy.',
  );
  expect(said(run('a', low), run('b', high), run('c', [0.61, 0.6, 0.61, 0.59, 0.6]))).toMatch(
    /^b is better than a in accuracy, and not separable from c\.$/,
  );
  expect(said(run('a', [0.5]), run('b', [0.6]))).toMatch(/one fold cannot tell/);
});

test('runs that prepare the same pictures differently can be compared', () => {
  const { runs } = compareRuns([run('a', low), run('b', high, { dataset: dataset('data', 3) })]);
  expect(runs.map(({ input }) => input)).toEqual([
    [48, 48, 1],
    [48, 48, 3],
  ]);
});
