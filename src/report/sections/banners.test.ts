import { expect, test } from '@jest/globals';
import { bannersOf } from './banners.ts';

const summary = (mean: number | null) => ({
  accuracy: { mean, sd: 0.1, ci95: null, n: 3, pooled: mean, pooled_ci95: null, variance: null },
});
const quiet = {
  config: { metrics: ['accuracy'] },
  know_nothing: { accuracy: 0.25 },
  smoke: false,
  status: 'completed' as const,
  summary: summary(0.5),
  dataset: { synthetic: false },
  folds: [{ fold: 0, status: 'completed' as const }],
};

test('a run that has nothing to hide has no banner', () => {
  expect(bannersOf(quiet)).toEqual([]);
});

test('a smoke run and synthetic pictures are loud', () => {
  const banners = bannersOf({ ...quiet, smoke: true, dataset: { synthetic: true } });
  expect(banners.map(({ title, loud }) => [title, loud])).toEqual([
    ['Smoke run', true],
    ['Synthetic pictures', true],
  ]);
});

test('folds that are missing are counted and named with their reasons', () => {
  const folds = [
    { fold: 0, status: 'completed' as const },
    { fold: 1, status: 'failed' as const, reason: 'the loss is not a number' },
    { fold: 2, status: 'missing' as const },
  ];
  const [banner] = bannersOf({ ...quiet, folds, status: 'failed', summary: summary(null) });
  expect(banner?.title).toBe('1 of 3 folds');
  expect(banner?.points).toEqual(['Fold 1 failed: the loss is not a number', 'Fold 2 missing.']);
});

test('a headline no better than its know-nothing score is said in words', () => {
  const [banner] = bannersOf({ ...quiet, summary: summary(0.25) });
  expect(banner?.title).toBe('No better than knowing nothing');
  expect(banner?.text).toContain('accuracy 0.2500');
});
