/**
 * Precision, recall and F1: per class, and macro, weighted and micro averages. As scikit-learn's
 * precision_recall_fscore_support with its default labels: macro averages run over the classes that
 * occur among true or predicted ones, and 0/0 counts as 0 in an average. Two classes are averaged
 * like more: there is no positive class.
 */
import { correct, someRows } from './accuracy.ts';
import {
  byCount,
  byShares,
  type ClassMetricDefinition,
  defineMetric,
  type Evidence,
  largestShare,
  type MetricDefinition,
  squares,
  total,
  Undefined,
} from './define.ts';

type Measure = 'precision' | 'recall' | 'f1';

/** What is counted right of class `label`, as a fraction; 0/0 where it has no meaning. */
const fractions: Record<Measure, (evidence: Evidence, label: number) => readonly [number, number]> =
  {
    precision: (e, c) => [hits(e, c), e.called[c] ?? 0],
    recall: (e, c) => [hits(e, c), e.support[c] ?? 0],
    f1: (e, c) => [2 * hits(e, c), (e.called[c] ?? 0) + (e.support[c] ?? 0)],
  };

const hits = ({ confusion }: Evidence, label: number) => confusion[label]?.[label] ?? 0;

const ofClass = (measure: Measure, evidence: Evidence, label: number): number => {
  const [right, all] = fractions[measure](evidence, label);
  return all === 0 ? 0 : right / all;
};

const meanings: Record<Measure, string> = {
  precision: 'of the samples called a class, the share that is of it',
  recall: 'of the samples of a class, the share that is called so',
  f1: 'the harmonic mean of precision and recall of a class',
};

const macro = (measure: Measure): MetricDefinition =>
  defineMetric({
    schema: {
      type: 'string',
      const: `${measure}_macro`,
      description: `Mean over classes of ${meanings[measure]}: rare classes count as much as others.`,
    },
    direction: 'max',
    range: [0, 1],
    counts: true,
    compute: (evidence) => {
      someRows(evidence);
      const values = evidence.classes.flatMap((_, c) =>
        evidence.support[c] || evidence.called[c] ? [ofClass(measure, evidence, c)] : [],
      );
      return total(values) / values.length;
    },
    knowNothing: byCount((classes) => 1 / classes),
  });

const weighted = (measure: Measure): MetricDefinition =>
  defineMetric({
    schema: {
      type: 'string',
      const: `${measure}_weighted`,
      description: `Mean over samples of ${meanings[measure]}: frequent classes count more.`,
    },
    direction: 'max',
    range: [0, 1],
    counts: true,
    compute: (evidence) =>
      total(
        evidence.classes.map((_, c) => (evidence.support[c] ?? 0) * ofClass(measure, evidence, c)),
      ) / someRows(evidence),
    knowNothing: measure === 'recall' ? largestShare : byShares(guessOrConstant[measure]),
  });

/** The larger of guessing by the shares (Σp²) and always naming the largest class. */
const guessOrConstant = {
  precision: (shares: readonly number[]) => Math.max(squares(shares), Math.max(...shares) ** 2),
  f1: (shares: readonly number[]) => {
    const p = Math.max(...shares);
    return Math.max(squares(shares), (p * 2 * p) / (1 + p));
  },
};

const micro = (measure: Measure): MetricDefinition =>
  defineMetric({
    schema: {
      type: 'string',
      const: `${measure}_micro`,
      description: `${measure} over all decisions together: with one class per sample, the accuracy.`,
    },
    direction: 'max',
    range: [0, 1],
    counts: true,
    compute: (evidence) => correct(evidence) / someRows(evidence),
    knowNothing: largestShare,
  });

export const precisionMacro = macro('precision');
export const precisionWeighted = weighted('precision');
export const precisionMicro = micro('precision');
export const recallMacro = macro('recall');
export const recallWeighted = weighted('recall');
export const recallMicro = micro('recall');
export const f1Macro = macro('f1');
export const f1Weighted = weighted('f1');
export const f1Micro = micro('f1');

/** `precision[class]`, `recall[class]`, `f1[class]`. */
const perClassMetric = (
  measure: Measure,
  knowNothing?: (share: number) => number,
): ClassMetricDefinition => ({
  schema: {
    type: 'string',
    const: measure,
    description: `For one class: ${meanings[measure]}.`,
  },
  direction: 'max',
  range: [0, 1],
  counts: true,
  compute: (evidence, label) => {
    const support = evidence.support[label] ?? 0;
    const called = evidence.called[label] ?? 0;
    const name = evidence.classes[label];
    if (support === 0 && (measure === 'recall' || called === 0))
      throw new Undefined(`class ${name} has no samples here`);
    return ofClass(measure, evidence, label); // never called: 0, as in scikit-learn
  },
  ...(knowNothing && { knowNothing: { score: knowNothing } }),
});

export const precisionOfClass = perClassMetric('precision', (share) => share);
export const recallOfClass = perClassMetric('recall');
export const f1OfClass = perClassMetric('f1', (share) => (2 * share) / (1 + share));
