/** How good the probabilities themselves are: log loss, Brier score, calibration error. */
import { someRows } from './accuracy.ts';
import { byShares, defineMetric, type Evidence, squares, total } from './define.ts';
import { reliability } from './statistics/reliability.ts';

export const logLoss = defineMetric({
  schema: {
    type: 'string',
    const: 'log_loss',
    description:
      'Mean negative logarithm of the true class’s probability (cross-entropy without penalties), probabilities kept 2.2e-16 away from 0 and 1 as in scikit-learn.',
  },
  direction: 'min',
  range: [0, Number.POSITIVE_INFINITY],
  compute: (evidence) => {
    const { rows, labels, probabilities, classes } = evidence;
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const p = probabilities[row * classes.length + (labels[row] as number)] as number; // in the row
      sum -= Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
    }
    return sum / someRows(evidence);
  },
  knowNothing: byShares((shares) => -total(shares.map((p) => (p > 0 ? p * Math.log(p) : 0)))),
});

export const brier = defineMetric({
  schema: {
    type: 'string',
    const: 'brier',
    description:
      'Mean over samples of the squared distance between probabilities and truth, summed over classes (0 to 2); halved for two classes, as in scikit-learn.',
  },
  direction: 'min',
  range: [0, 2],
  compute: (evidence) =>
    (squaredDistances(evidence) / someRows(evidence)) * scale(evidence.classes.length),
  knowNothing: byShares((shares) => (1 - squares(shares)) * scale(shares.length)),
});

/** Half for two classes: both columns say the same. */
const scale = (classes: number) => (classes === 2 ? 0.5 : 1);

function squaredDistances({ rows, labels, probabilities, classes }: Evidence): number {
  let sum = 0;
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < classes.length; c++) {
      const p = probabilities[row * classes.length + c] as number; // in the row
      const distance = (labels[row] === c ? 1 : 0) - p;
      sum += distance * distance;
    }
  return sum;
}

export const ece = defineMetric({
  schema: {
    type: 'string',
    const: 'ece',
    description:
      'Expected calibration error: mean gap between confidence and accuracy of the most probable class over 15 equal bins (Guo et al., 2017).',
  },
  direction: 'min',
  range: [0, 1],
  compute: (evidence) => {
    const rows = someRows(evidence);
    return total(
      reliability(evidence).map((bin) =>
        bin.count === 0
          ? 0
          : (bin.count / rows) * Math.abs((bin.accuracy ?? 0) - (bin.confidence ?? 0)),
      ),
    );
  },
});
