import { knowNothing, knowNothingByCount, noBetterThan } from '../../metrics/know-nothing.ts';
import { direction } from '../../metrics/names.ts';
import type { Threshold } from '../../thresholds/schema.ts';
import { classCounts, total } from './counts.ts';
import { defineRule, type Facts } from './define.ts';

export const GATE001 = defineRule({
  id: 'GATE001',
  severity: 'error',
  needs: 'config',
  description:
    'A threshold at or worse than what is reached without looking at a picture: it can only be ' +
    'missed by a broken model.',
  check: (facts) =>
    (facts.config.thresholds ?? []).flatMap((threshold, index) => {
      const { metric, statistic } = threshold;
      const score = statistic === 'sd' ? null : scoreOf(metric, facts);
      const key = direction(metric) === 'max' ? 'min' : 'max';
      const bound = threshold[key];
      if (score === null || bound === undefined || !noBetterThan(bound, score, direction(metric)))
        return [];
      return [
        {
          path: ['thresholds', index, key],
          message: `${metric} ${shownBound(threshold, key)} is no test: knowing nothing reaches ${Number(score.toFixed(4))}`,
          hint: `ask for ${key === 'min' ? 'more' : 'less'} than that`,
        },
      ];
    }),
});

const shownBound = (threshold: Threshold, key: 'min' | 'max') =>
  `${key === 'min' ? '≥' : '≤'} ${threshold[key]}`;

/** The know-nothing score as far as it can be known: from the data, or from the class count. */
const scoreOf = (metric: string, { dataset, description }: Facts['config']): number | null => {
  const classes = dataset?.classes ?? description.classes;
  const counts = dataset ? classCounts(dataset) : description.classCounts;
  if (classes === undefined) return sameForAnyCount(metric);
  if (counts === undefined) return knowNothingByCount(metric, classes.length);
  const samples = total(counts);
  return knowNothing(
    metric,
    counts.map((count) => count / samples),
    classes,
  );
};

/** A score that is the same for any number of classes (AUC 0.5, Matthews 0). */
const sameForAnyCount = (metric: string): number | null => {
  const [two, three] = [knowNothingByCount(metric, 2), knowNothingByCount(metric, 3)];
  return two === three ? two : null;
};
