import { describe, expect, test } from '@jest/globals';
import { knowNothing, knowNothingByCount, noBetterThan } from './know-nothing.ts';

const classes = ['a', 'b', 'c', 'd'];
const shares = [0.4, 0.3, 0.2, 0.1];
const squares = 0.16 + 0.09 + 0.04 + 0.01;

test.each<[string, number | null]>([
  ['accuracy', 0.4],
  ['balanced_accuracy', 0.25],
  ['recall_macro', 0.25],
  ['f1_macro', 0.25],
  ['f1', 0.25],
  ['precision_macro', 0.25],
  ['average_precision', 0.25],
  ['recall_weighted', 0.4],
  ['precision_weighted', squares],
  ['f1_weighted', squares],
  ['f1_micro', 0.4],
  ['precision[b]', 0.3],
  ['f1[b]', 0.6 / 1.3],
  ['recall[b]', null],
  ['top_2_accuracy', 0.7],
  ['binary_accuracy', 0.75],
  ['binary_precision', 0.4],
  ['auc', 0.5],
  ['mcc', 0],
  ['cohen_kappa', 0],
  ['log_loss', -shares.reduce((sum, p) => sum + p * Math.log(p), 0)],
  ['brier', 1 - squares],
  ['ece', null],
  ['loss', null],
])('%s without looking scores %f', (name, score) => {
  const mine = knowNothing(name, shares, classes);
  if (score === null) expect(mine).toBeNull();
  else expect(mine).toBeCloseTo(score, 12);
});

test('always naming a large class beats guessing by weighted F1', () => {
  const p = 0.9;
  expect(knowNothing('f1_weighted', [p, 0.1])).toBeCloseTo((2 * p * p) / (1 + p), 12);
});

test('FER-2013’s one-hot outputs score 6/7 by predicting nothing', () => {
  expect(knowNothingByCount('binary_accuracy', 7)).toBeCloseTo(6 / 7, 12);
});

describe('without data', () => {
  test.each<[string, number | null]>([
    ['balanced_accuracy', 0.25],
    ['auc', 0.5],
    ['mcc', 0],
    ['accuracy', null],
    ['log_loss', null],
    ['precision[b]', null],
  ])('%s is known to be %f', (name, score) => {
    expect(knowNothingByCount(name, 4)).toBe(score);
  });
});

test('no better than nothing follows the direction', () => {
  expect(noBetterThan(0.5, 0.5, 'max')).toBe(true);
  expect(noBetterThan(0.6, 0.5, 'max')).toBe(false);
  expect(noBetterThan(0.6, 0.5, 'min')).toBe(true);
  expect(noBetterThan(0.4, 0.5, 'min')).toBe(false);
});
