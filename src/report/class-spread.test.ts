import { expect, test } from '@jest/globals';
import type { FoldRecord } from '../result/experiment-result.ts';
import { worstClasses } from './class-spread.ts';

const fold = (number: number, recalls: Readonly<Record<string, number | null>>): FoldRecord => ({
  fold: number,
  partition: number,
  repeat: 0,
  seed: 1,
  status: 'completed',
  epochs_run: 1,
  best_epoch: 1,
  seconds: 1,
  metrics: {},
  reasons: {},
  per_class: Object.entries(recalls).map(([name, recall]) => ({
    class: name,
    precision: recall,
    recall,
    f1: recall,
    support: recall === null ? 0 : 5,
  })),
  confusion_matrix: [],
});

const result = (
  folds: readonly FoldRecord[],
  pooled: Readonly<Record<string, number>> | null = null,
) => ({
  summary: {},
  folds,
  split: {
    folds: folds.map(({ partition }) => ({
      fold: partition,
      train: 10,
      validation: 2,
      test: 10,
      test_classes: [5, 5],
    })),
  },
  dataset: { classes: ['a', 'b', 'c'].map((name) => ({ name, count: 10 })) },
  pooled:
    pooled === null
      ? null
      : {
          per_class: Object.entries(pooled).map(([name, recall]) => ({
            class: name,
            precision: null,
            recall,
            f1: null,
            support: 10,
            recall_ci95: null,
          })),
        },
});

test('the class with the lowest mean recall is named, with its test samples', () => {
  const folds = [fold(0, { a: 1, b: 0.2, c: 0.5 }), fold(1, { a: 0, b: 0.4, c: 0.5 })];
  const worst = worstClasses(result(folds));
  expect(worst?.names).toEqual(['b']);
  expect(worst?.recall.mean).toBeCloseTo(0.3, 12);
  expect(worst?.support).toBe(10);
});

test('classes that are equally badly recognised are all named; equal ones throughout, none', () => {
  expect(worstClasses(result([fold(0, { a: 0, b: 1, c: 0 })]))?.names).toEqual(['a', 'c']);
  expect(worstClasses(result([fold(0, { a: 1, b: 1, c: 1 })]))).toBeNull();
});

test('a class that a fold does not test is judged by all predictions together', () => {
  const folds = [fold(0, { a: 1, b: 0.5, c: 0.1 }), fold(1, { a: 1, b: 0.5, c: null })];
  const worst = worstClasses(result(folds, { a: 1, b: 0.5, c: 0.1 }));
  expect(worst?.names).toEqual(['c']);
  expect(worst?.recall).toEqual({ mean: 0.1, sd: null });
});
