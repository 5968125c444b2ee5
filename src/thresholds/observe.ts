/** What a threshold looks at: a statistic of a metric over the folds. */
import type { ExperimentResult } from '../result/experiment-result.ts';
import type { Threshold } from './schema.ts';

/** The statistic of a metric over the folds; null where it cannot be computed. */
export function observe(
  { folds, summary }: Pick<ExperimentResult, 'folds' | 'summary'>,
  metric: string,
  statistic: Threshold['statistic'],
): number | null {
  const of = summary[metric];
  if (statistic === 'min') {
    const values = folds.map(({ metrics }) => metrics[metric] ?? null);
    return values.some((value) => value === null) ? null : Math.min(...(values as number[]));
  }
  if (!of) return null;
  return statistic === 'ci95_lower' ? (of.ci95?.[0] ?? null) : of[statistic];
}
