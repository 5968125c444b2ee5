import { correctedStandardError } from '../../metrics/statistics/corrected-variance.ts';
import { studentQuantile } from '../../metrics/statistics/student-t.ts';
import { valuesByPartition } from '../../result/summarize.ts';
import { defineRule } from './define.ts';

export const GATE002 = defineRule({
  id: 'GATE002',
  severity: 'warning',
  needs: 'result',
  description:
    'A margin to the baseline smaller than what this many folds can tell from noise: the threshold fails or holds by chance.',
  check: ({ config, result }) =>
    (config.thresholds ?? []).flatMap((threshold, index) => {
      if (threshold.not_worse_than === undefined || result.smoke) return [];
      const detectable = smallestDetectable(threshold.metric, result);
      if (detectable === null || threshold.margin >= detectable) return [];
      return [
        {
          path: ['thresholds', index, 'margin'],
          message: `${threshold.metric} may be worse by ${threshold.margin}, but ${result.split.folds.length} folds find differences of about ${detectable.toFixed(4)} only`,
          hint: `a margin of ${detectable.toFixed(4)} or more, or more folds`,
        },
      ];
    }),
});

/** Found with a chance of 80 % at the 5 % level, from the spread of this run's folds. */
function smallestDetectable(
  metric: string,
  { folds, split }: Parameters<typeof GATE002.check>[0]['result'],
): number | null {
  const values = valuesByPartition(folds, metric).map((row) => row[0] ?? null);
  if (values.length < 2 || values.includes(null)) return null;
  const df = values.length - 1;
  const se = correctedStandardError(values as number[], split.folds);
  return (studentQuantile(0.975, df) + studentQuantile(0.8, df)) * se;
}
