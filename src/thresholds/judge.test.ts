import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ExperimentResult, FoldRecord, Summary } from '../result/experiment-result.ts';
import { type Baseline, baselineOf, readBaseline, writtenBaseline } from './baseline.ts';
import { judge } from './judge.ts';
import type { Threshold } from './schema.ts';

const fold = (accuracy: number | null, status: FoldRecord['status'] = 'completed'): FoldRecord => ({
  fold: 0,
  partition: 0,
  repeat: 0,
  seed: 1,
  status,
  epochs_run: 1,
  best_epoch: 1,
  seconds: 1,
  metrics: { accuracy },
  reasons: {},
  per_class: [],
  confusion_matrix: [],
});

const summary = (values: Partial<Summary>): Record<string, Summary> => ({
  accuracy: {
    mean: null,
    sd: null,
    ci95: null,
    n: 2,
    pooled: null,
    pooled_ci95: null,
    variance: null,
    ...values,
  },
});

const held = {
  folds: [fold(0.6), fold(0.8)],
  summary: summary({ mean: 0.7, sd: 0.14, ci95: [0.5, 0.9], pooled: 0.71 }),
  smoke: false,
  dataset: { fingerprint: 'data' },
  split: { hash: 'split' },
} as unknown as ExperimentResult; // only what a judge reads

const threshold = (bound: Partial<Threshold>): Threshold[] => [
  { metric: 'accuracy', statistic: 'mean', margin: 0, ...bound },
];

const complete: ExperimentResult = {
  ...held,
  run_id: 'now',
  environment: { ...held.environment, foldwise: '0.1.0' },
  split: { ...held.split, folds: [] },
};

test.each([
  [{ min: 0.7 }, 'passed', 0.7],
  [{ min: 0.7001 }, 'failed', 0.7],
  [{ max: 0.7 }, 'passed', 0.7],
  [{ max: 0.69 }, 'failed', 0.7],
  [{ statistic: 'min', min: 0.6 }, 'passed', 0.6],
  [{ statistic: 'pooled', min: 0.72 }, 'failed', 0.71],
  [{ statistic: 'ci95_lower', min: 0.51 }, 'failed', 0.5],
  [{ statistic: 'sd', max: 0.2 }, 'passed', 0.14],
] as const)('%j is %s', (bound, verdict, observed) => {
  const judged = judge(held, threshold(bound));
  expect(judged.verdict).toBe(verdict);
  expect(judged.checks[0]?.observed).toBe(observed);
});

test('without thresholds there is no verdict, and a smoke run is never judged', () => {
  expect(judge(held, undefined).verdict).toBe('none');
  expect(judge({ ...held, smoke: true }, threshold({ min: 0.99 })).verdict).toBe('none');
});

test('a failed or missing fold makes every check inconclusive, never a pass', () => {
  const failed = { ...held, folds: [fold(0.9), fold(null, 'failed')] };
  const judged = judge(failed, threshold({ min: 0.1 }));
  expect(judged.verdict).toBe('inconclusive');
  expect(judged.checks[0]).toMatchObject({ passed: null, reason: '1 of 2 folds completed' });
});

test('a metric that cannot be computed is inconclusive', () => {
  expect(judge({ ...held, summary: summary({}) }, threshold({ min: 0.1 })).verdict).toBe(
    'inconclusive',
  );
});

test('a missed threshold outweighs what cannot be judged', () => {
  const both = [...threshold({ min: 0.9 }), ...threshold({ statistic: 'sd', max: 1 })];
  const unknown = summary({ mean: 0.7 });
  expect(judge({ ...held, summary: unknown }, both).verdict).toBe('failed');
});

test('not_worse_than compares with the baseline in the direction of the metric', () => {
  const bound = threshold({ not_worse_than: 'baseline', margin: 0.01 });
  const baseline = (mean: number, metric = 'accuracy'): Baseline => ({
    version: 1,
    run_id: 'before',
    foldwise: '0.1.0',
    data_fingerprint: 'data',
    split_hash: 'split',
    folds: 2,
    values: { [metric]: { mean } },
  });
  expect(judge(held, bound, baseline(0.705)).verdict).toBe('passed');
  expect(judge(held, bound, baseline(0.715)).verdict).toBe('failed');
  const loss = [{ ...(bound[0] as Threshold), metric: 'log_loss' }];
  const withLoss = { ...held, summary: { log_loss: summary({ mean: 0.5 }).accuracy as Summary } };
  expect(judge(withLoss, loss, baseline(0.495, 'log_loss')).verdict).toBe('passed');
  expect(judge(withLoss, loss, baseline(0.48, 'log_loss')).verdict).toBe('failed');
});

test('a baseline of other data or folds is inconclusive, never a pass', () => {
  const bound = threshold({ not_worse_than: 'baseline', margin: 1 });
  const baseline = baselineOf(complete);
  expect(judge(complete, bound, baseline).verdict).toBe('passed');
  expect(judge(complete, bound, { ...baseline, split_hash: 'other' })).toMatchObject({
    verdict: 'inconclusive',
    checks: [{ reason: expect.stringMatching(/the folds are not those/) }],
  });
  expect(judge(complete, bound, { ...baseline, data_fingerprint: 'other' }).verdict).toBe(
    'inconclusive',
  );
});

test('a smoke run and a run without all folds are no baseline', () => {
  expect(() => baselineOf({ ...complete, smoke: true })).toThrow(/smoke run/);
  const failed = { ...complete, folds: [fold(0.9), fold(null, 'failed')] };
  expect(() => baselineOf(failed)).toThrow(/1 of 2 folds/);
});

test('a baseline reads back what was written, and anything else is refused', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'foldwise-baseline-')), 'x.baseline.yaml');
  expect(readBaseline(path)).toBeUndefined();
  writeFileSync(path, writtenBaseline(baselineOf(complete)));
  expect(readBaseline(path)).toEqual(baselineOf(complete));
  writeFileSync(path, 'version: 2\n');
  expect(() => readBaseline(path)).toThrow(/is no baseline/);
});

test('without a baseline that check is skipped and the others decide', () => {
  const bound = threshold({ not_worse_than: 'baseline' });
  expect(judge(held, bound)).toMatchObject({
    verdict: 'none',
    checks: [{ passed: null, reason: 'no baseline to compare with' }],
  });
  expect(judge(held, [...bound, ...threshold({ min: 0.5 })]).verdict).toBe('passed');
});
