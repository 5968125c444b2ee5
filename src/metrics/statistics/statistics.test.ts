import { describe, expect, test } from '@jest/globals';
import type { Predictions } from '../predictions.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { summarizeFolds } from './summarize-folds.ts';
import { varianceComponents } from './variance-components.ts';
import { wilsonInterval } from './wilson.ts';

const sizes = (folds: number) => Array.from({ length: folds }, () => ({ test: 20, train: 80 }));

test('a mean over missing folds is never a result', () => {
  expect(summarizeFolds([0.5, null, 0.7], sizes(3), 0.6)).toEqual({
    mean: null,
    sd: null,
    ci95: null,
    n: 2,
    pooled: 0.6,
  });
  expect(summarizeFolds([], [], null)).toMatchObject({ mean: null, n: 0 });
});

test('one fold has a mean but no spread', () => {
  expect(summarizeFolds([0.5], sizes(1), 0.5)).toEqual({
    mean: 0.5,
    sd: null,
    ci95: null,
    n: 1,
    pooled: 0.5,
  });
});

test('the interval is wider than the naive one by the share of test data', () => {
  const { sd, ci95 } = summarizeFolds([0.5, 0.6, 0.7, 0.6, 0.6], sizes(5), null);
  const half = ((ci95?.[1] as number) - (ci95?.[0] as number)) / 2;
  expect(half / (sd as number)).toBeCloseTo(2.7764451052 * Math.sqrt(1 / 5 + 1 / 4), 8);
});

test('Wilson’s interval of nothing is none, and ends at 0 and 1', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
  expect(wilsonInterval(0, 8)?.[0]).toBe(0);
  expect(wilsonInterval(8, 8)?.[1]).toBe(1);
});

test('variance needs two folds and two seeds', () => {
  expect(varianceComponents([[0.5], [0.6]])).toBeNull();
  expect(varianceComponents([[0.5, 0.6]])).toBeNull();
  expect(
    varianceComponents([
      [0.4, 0.6],
      [0.4, 0.6],
    ])?.fold,
  ).toBe(0);
});

describe('bootstrap intervals', () => {
  // 400 samples of class 0, 10 of class 1; 80 % and half of them right.
  const rows = Array.from({ length: 410 }, (_, i) => ({
    label: i < 400 ? 0 : 1,
    right: i < 400 ? i % 5 !== 0 : i % 2 === 0,
  }));
  const predictions: Predictions = {
    indices: Uint32Array.from(rows, (_, i) => i),
    labels: Int32Array.from(rows, ({ label }) => label),
    probabilities: Float64Array.from(
      rows.flatMap(({ label, right }, i) => {
        const p = 0.55 + (i % 40) / 100;
        return (label === 0) === right ? [p, 1 - p] : [1 - p, p];
      }),
    ),
    classes: ['common', 'rare'],
    loss: 0.5,
  };
  const names = ['accuracy', 'recall[rare]', 'auc', 'loss'];
  const intervals = bootstrapIntervals(predictions, names, 42);

  test('hold the value and have about the width that theory gives', () => {
    const [low, high] = intervals.accuracy as [number, number];
    const p = 325 / 410;
    // Stratified: Σ n_c p_c (1 − p_c) / n².
    const se = Math.sqrt(400 * 0.16 + 10 * 0.25) / 410;
    expect(low).toBeCloseTo(p - 1.96 * se, 2);
    expect(high).toBeCloseTo(p + 1.96 * se, 2);
    const [rareLow, rareHigh] = intervals['recall[rare]'] as [number, number];
    expect(rareLow).toBeGreaterThanOrEqual(0.1);
    expect(rareLow).toBeLessThanOrEqual(0.2);
    expect(rareHigh).toBeGreaterThanOrEqual(0.8);
    const [aucLow, aucHigh] = intervals.auc as [number, number];
    expect(aucLow).toBeLessThan(aucHigh);
  });

  test('come in the order asked for, null where there is no value', () => {
    expect(Object.keys(intervals)).toEqual(names);
    expect(intervals.loss).toBeNull();
  });

  test('are the same for the same seed alone', () => {
    expect(bootstrapIntervals(predictions, names, 42)).toEqual(intervals);
    expect(bootstrapIntervals(predictions, names, 43)).not.toEqual(intervals);
  });
});
