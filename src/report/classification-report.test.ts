import { expect, test } from '@jest/globals';
import { accuracyOf, averageScores } from './classification-report.ts';

// from sklearn.metrics import classification_report
// y, p = [0,0,0,0,1,1,2,2], [0,0,0,1,1,1,0,1]
// classification_report(y, p, labels=[0,1,2], output_dict=True, zero_division=0)
const classes = [
  { class: 'a', precision: 3 / 4, recall: 3 / 4, f1: 3 / 4, support: 4 },
  { class: 'b', precision: 1 / 2, recall: 1, f1: 2 / 3, support: 2 },
  { class: 'c', precision: null, recall: 0, f1: 0, support: 2 },
];

test('averages are scikit-learn’s, also where a class was never predicted', () => {
  const averages = averageScores(classes);
  expect(averages?.macro.precision).toBeCloseTo(0.4166666666666667, 12);
  expect(averages?.macro.recall).toBeCloseTo(0.5833333333333334, 12);
  expect(averages?.macro.f1).toBeCloseTo(0.4722222222222222, 12);
  expect(averages?.weighted.precision).toBeCloseTo(0.5, 12);
  expect(averages?.weighted.recall).toBeCloseTo(0.625, 12);
  expect(averages?.weighted.f1).toBeCloseTo(0.5416666666666666, 12);
});

test('a class that occurs nowhere takes no part', () => {
  const absent = { class: 'd', precision: null, recall: null, f1: null, support: 0 };
  expect(averageScores([...classes, absent])).toEqual(averageScores(classes));
  expect(averageScores([absent])).toBeNull();
});

test('accuracy is the diagonal’s share', () => {
  const confusion = [
    [3, 1, 0],
    [0, 2, 0],
    [1, 1, 0],
  ];
  expect(accuracyOf(confusion)).toBe(0.625);
  expect(accuracyOf([])).toBeNull();
});
