import { describe, expect, test } from '@jest/globals';
import { ExperimentError } from '../errors.ts';
import { confusionMatrix, evaluate, perClass, reliabilityCurve } from './evaluate.ts';
import type { Predictions } from './predictions.ts';

const classes = ['angry', 'happy', 'sad'];

/** Rows of [label, p0, p1, p2]. */
const predictionsOf = (rows: number[][], loss: number | null = null): Predictions => ({
  indices: Uint32Array.from(rows, (_, i) => i),
  labels: Int32Array.from(rows, ([label]) => label as number),
  probabilities: Float64Array.from(rows.flatMap(([, ...p]) => p)),
  classes,
  loss,
});

const four = predictionsOf(
  [
    [0, 0.7, 0.2, 0.1],
    [1, 0.6, 0.3, 0.1],
    [1, 0.1, 0.8, 0.1],
    [2, 0.2, 0.3, 0.5],
  ],
  0.75,
);

test('short names bring the family, each value under its own key', () => {
  const { metrics, reasons } = evaluate(four, ['accuracy', 'recall', 'loss', 'recall_macro']);
  expect(metrics).toEqual({
    accuracy: 0.75,
    recall_macro: expect.closeTo(2.5 / 3, 12),
    recall_weighted: 0.75,
    recall_micro: 0.75,
    'recall[angry]': 1,
    'recall[happy]': 0.5,
    'recall[sad]': 1,
    loss: 0.75,
  });
  expect(reasons).toEqual({});
});

test('accuracy is top-1 and binary accuracy is not', () => {
  const undecided = predictionsOf([
    [0, 0.4, 0.3, 0.3],
    [1, 0.3, 0.3, 0.4],
  ]);
  expect(evaluate(undecided, ['accuracy', 'binary_accuracy']).metrics).toEqual({
    accuracy: 0.5,
    binary_accuracy: expect.closeTo(2 / 3, 12), // nothing is above 0.5: as good as predicting nothing
  });
});

describe('a class without samples', () => {
  const absent = predictionsOf([
    [0, 0.7, 0.2, 0.1],
    [1, 0.1, 0.2, 0.7],
    [1, 0.2, 0.5, 0.3],
  ]);
  const { metrics, reasons } = evaluate(absent, [
    'auc',
    'average_precision',
    'recall',
    'precision',
    'f1',
    'log_loss',
  ]);

  test('makes auc and its own recall null, with the reason', () => {
    expect(metrics).toMatchObject({ auc: null, average_precision: null, 'recall[sad]': null });
    expect(reasons).toEqual({
      auc: expect.stringContaining('no samples of class sad'),
      average_precision: expect.stringContaining('no samples of class sad'),
      'recall[sad]': 'class sad has no samples here',
    });
  });

  test('counts as 0 in averages where it was predicted, as in scikit-learn', () => {
    // precision_recall_fscore_support([0, 1, 1], [0, 2, 1], average='macro')
    expect(metrics).toMatchObject({
      recall_macro: 0.5,
      precision_macro: expect.closeTo(2 / 3, 12),
      f1_macro: expect.closeTo(5 / 9, 12),
      'precision[sad]': 0,
      'f1[sad]': 0,
    });
    expect(metrics.log_loss).toBeGreaterThan(0);
  });
});

test('a class that was never called has precision 0, not none', () => {
  const never = predictionsOf([
    [0, 0.7, 0.2, 0.1],
    [1, 0.1, 0.8, 0.1],
    [2, 0.5, 0.4, 0.1],
  ]);
  expect(perClass(never)).toEqual([
    { class: 'angry', precision: 0.5, recall: 1, f1: expect.closeTo(2 / 3, 12), support: 1 },
    { class: 'happy', precision: 1, recall: 1, f1: 1, support: 1 },
    { class: 'sad', precision: 0, recall: 0, f1: 0, support: 1 },
  ]);
  expect(confusionMatrix(never)).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [1, 0, 0],
  ]);
});

test('no rows at all give reasons, not numbers', () => {
  const { metrics, reasons } = evaluate(predictionsOf([]), ['accuracy', 'f1_macro', 'ece', 'mcc']);
  expect(Object.values(metrics)).toEqual([null, null, null, null]);
  expect(reasons.accuracy).toBe('there are no samples');
});

test('the loss of pooled predictions is unknown and says so', () => {
  expect(evaluate({ ...four, loss: null }, ['loss'])).toMatchObject({
    metrics: { loss: null },
    reasons: { loss: expect.stringContaining('not known') },
  });
});

test('kappa is undefined where all samples have and are called one class, mcc is 0', () => {
  const one = predictionsOf([
    [0, 0.8, 0.1, 0.1],
    [0, 0.9, 0.1, 0],
  ]);
  expect(evaluate(one, ['mcc', 'cohen_kappa'])).toEqual({
    metrics: { mcc: 0, cohen_kappa: null },
    reasons: { cohen_kappa: expect.stringContaining('one class') },
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a prediction of %f is an error', (bad) => {
  const broken = predictionsOf([
    [0, 0.7, 0.2, 0.1],
    [1, 0.1, bad, 0.1],
    [1, bad, bad, bad],
  ]);
  expect(() => evaluate(broken, ['accuracy'])).toThrow(ExperimentError);
  expect(() => evaluate(broken, ['accuracy'])).toThrow(/2 of 3 rows.*first row 1/);
});

test('a label or a number of probabilities that does not fit is an error', () => {
  expect(() => evaluate(predictionsOf([[5, 0.7, 0.2, 0.1]]), ['accuracy'])).toThrow(/label 5/);
  expect(() => evaluate(predictionsOf([[0, 0.7, 0.3]]), ['accuracy'])).toThrow(/need 3/);
});

test('the reliability curve has 15 bins that hold every row, null where empty', () => {
  const bins = reliabilityCurve(four);
  expect(bins).toHaveLength(15);
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  expect(bins[7]).toEqual({ from: 7 / 15, to: 8 / 15, count: 1, confidence: 0.5, accuracy: 1 });
  expect(bins[0]).toMatchObject({ count: 0, confidence: null, accuracy: null });
});

test('two classes: brier is halved, auc is that of the second', () => {
  const two: Predictions = {
    indices: Uint32Array.of(0, 1, 2),
    labels: Int32Array.of(0, 1, 1),
    probabilities: Float64Array.of(0.8, 0.2, 0.4, 0.6, 0.9, 0.1),
    classes: ['no', 'yes'],
    loss: null,
  };
  expect(evaluate(two, ['brier', 'auc']).metrics).toEqual({
    brier: expect.closeTo((0.04 + 0.16 + 0.81) / 3, 12),
    auc: 0.5,
  });
});
