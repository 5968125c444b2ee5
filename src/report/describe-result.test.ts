import { expect, test } from '@jest/globals';
import type { ThresholdCheck, Verdict } from '../result/experiment-result.ts';
import { verdictLine } from './describe-result.ts';

const run = (thresholds: Verdict, smoke = false) => ({
  name: 'faces',
  seconds: 61,
  smoke,
  thresholds,
  folds: [{ status: 'completed' as const }, { status: 'failed' as const }],
});

const check = (
  metric: string,
  observed: number | null,
  bound: string,
  passed: boolean | null,
  reason?: string,
): ThresholdCheck => ({ metric, statistic: 'mean', observed, bound, passed, reason });

test('the first line says which numbers missed which bounds by how much', () => {
  const checks = [
    check('accuracy', 0.3953, '>= 0.99', false),
    check('f1_macro', 0.8, '>= 0.5', true),
    { ...check('log_loss', 0.9, '<= 0.4', false), statistic: 'pooled' },
  ];
  expect(verdictLine(run({ verdict: 'failed', checks }))).toBe(
    'faces: FAILED: accuracy 0.3953 missed >= 0.99 by 0.5947, log_loss (pooled) 0.9000 missed <= 0.4 by 0.5000 (1 of 2 folds, 1 min 01 s)',
  );
});

test('without a verdict it says why, each reason once', () => {
  const reason = '1 of 2 folds completed';
  const checks = [
    check('accuracy', null, '>= 0.9', null, reason),
    check('auc', null, '>= 0.9', null, reason),
  ];
  expect(verdictLine(run({ verdict: 'inconclusive', checks }))).toContain(
    `INCONCLUSIVE: ${reason} (`,
  );
});

test('what held, what was not judged and a smoke run are told apart', () => {
  const checks = [check('accuracy', 1, '>= 0.9', true)];
  expect(verdictLine(run({ verdict: 'passed', checks }))).toContain('all thresholds held');
  expect(verdictLine(run({ verdict: 'none', checks: [] }))).toContain('faces: done');
  expect(verdictLine(run({ verdict: 'none', checks: [] }, true))).toContain('not judged');
});
