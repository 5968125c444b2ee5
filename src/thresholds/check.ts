/** What is wrong with thresholds, as far as the config alone can tell. Pure. */
import type { Problem } from '../errors.ts';
import { range } from '../metrics/names.ts';
import { metricProblem } from '../metrics/schema.ts';
import type { Threshold, ThresholdsConfig } from './schema.ts';

export type ThresholdContext = {
  /** Class names, null where only the data tell them. */
  readonly classes: readonly string[] | null;
  /** Number of folds, null where only the data tell it. */
  readonly folds: number | null;
};

/** Paths start at the section. */
export const thresholdProblems = (
  thresholds: ThresholdsConfig,
  context: ThresholdContext,
): readonly Problem[] =>
  thresholds.flatMap((threshold, index) => {
    const unknown = metricProblem(threshold.metric, context.classes, [index, 'metric']);
    return unknown ? [unknown] : problemsOf(threshold, index, context);
  });

const problemsOf = (
  { metric, min, max, not_worse_than, margin, statistic }: Threshold,
  index: number,
  { folds }: ThresholdContext,
): readonly Problem[] => {
  const problems: Problem[] = [];
  const bounds = { min, max };
  const [lowest, highest] = statistic === 'sd' ? [0, Infinity] : range(metric);
  if (min === undefined && max === undefined && not_worse_than === undefined)
    problems.push({
      path: [index],
      message: `the threshold on ${metric} has no bound`,
      hint: 'give it `min`, `max` or `not_worse_than: baseline`',
    });
  for (const [key, bound] of Object.entries(bounds))
    if (bound !== undefined && (bound < lowest || bound > highest))
      problems.push({
        path: [index, key],
        message: `${bound} is outside of what ${metric} can be: ${lowest} to ${highest}`,
        hint: bound > 1 && bound <= 100 && highest === 1 ? `as a share: ${bound / 100}` : undefined,
      });
  if (min !== undefined && max !== undefined && min > max)
    problems.push({ path: [index, 'min'], message: `min ${min} is above max ${max}` });
  if (margin > 0 && not_worse_than === undefined)
    problems.push({
      path: [index, 'margin'],
      message: 'a margin belongs to `not_worse_than: baseline`',
    });
  // One value has neither a standard deviation nor an interval.
  if (folds === 1 && (statistic === 'sd' || statistic === 'ci95_lower'))
    problems.push({
      path: [index, 'statistic'],
      message: `${statistic} over folds needs at least two folds, and there is one`,
      hint: 'judge the mean, or split into several folds',
    });
  return problems;
};
