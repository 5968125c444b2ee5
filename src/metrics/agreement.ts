/** Agreement of true and predicted classes beyond chance: Matthews, Cohen. */
import { correct, someRows } from './accuracy.ts';
import { byCount, defineMetric, type Evidence, squares, total, Undefined } from './define.ts';

export const mcc = defineMetric({
  schema: {
    type: 'string',
    const: 'mcc',
    description:
      'Matthews’s correlation coefficient over all classes (matthews_corrcoef); 0 where all samples have, or are called, one class.',
  },
  direction: 'max',
  range: [-1, 1],
  counts: true,
  compute: (evidence) => {
    const n = someRows(evidence);
    const covariance = correct(evidence) * n - dot(evidence);
    const spread = (n * n - squares(evidence.called)) * (n * n - squares(evidence.support));
    return spread === 0 ? 0 : covariance / Math.sqrt(spread);
  },
  knowNothing: byCount(() => 0),
});

export const cohenKappa = defineMetric({
  schema: {
    type: 'string',
    const: 'cohen_kappa',
    description: 'Cohen’s kappa: accuracy beyond what the class counts alone would give.',
  },
  direction: 'max',
  range: [-1, 1],
  counts: true,
  compute: (evidence) => {
    const n = someRows(evidence);
    const expected = n - dot(evidence) / n;
    if (expected === 0) throw new Undefined('all samples have, and are called, one class');
    return 1 - (n - correct(evidence)) / expected;
  },
  knowNothing: byCount(() => 0),
});

/** Σ true count × predicted count over classes. */
const dot = ({ support, called }: Evidence): number =>
  total(support.map((n, c) => n * (called[c] ?? 0)));
