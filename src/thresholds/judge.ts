/**
 * Result → verdict. Pure: the same object gives the report's first line, `result.json`, JUnit and
 * the exit code. A bound that cannot be judged is never a pass.
 */
import { direction } from '../metrics/names.ts';
import type { ExperimentResult, ThresholdCheck, Verdict } from '../result/experiment-result.ts';
import type { Threshold, ThresholdsConfig } from './schema.ts';

/** What an accepted earlier run reached: metric → statistic → value. */
export type Baseline = {
  readonly values: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
};

const noBaseline = 'no baseline to compare with';

type Judged = Pick<ExperimentResult, 'folds' | 'summary' | 'smoke'>;

/** Judges every threshold; without any the verdict is `none`. */
export function judge(
  result: Judged,
  thresholds: ThresholdsConfig | undefined,
  baseline?: Baseline,
): Verdict {
  if (result.smoke || !thresholds || thresholds.length === 0)
    return { verdict: 'none', checks: [] };
  const incomplete = incompleteFolds(result);
  const checks = thresholds.flatMap((threshold) =>
    boundsOf(threshold, baseline).map((bound): ThresholdCheck => {
      const { metric, statistic } = threshold;
      const observed = incomplete ? null : observe(result, metric, statistic);
      const shown = { metric, statistic, observed, bound: bound.text };
      if (bound.value === null) return { ...shown, passed: null, reason: noBaseline };
      if (incomplete) return { ...shown, passed: null, reason: incomplete };
      if (observed === null)
        return { ...shown, passed: null, reason: `${metric} could not be computed` };
      return { ...shown, passed: bound.holds(observed, bound.value) };
    }),
  );
  return { verdict: verdictOf(checks), checks };
}

function verdictOf(checks: readonly ThresholdCheck[]): Verdict['verdict'] {
  if (checks.some(({ passed }) => passed === false)) return 'failed';
  const skipped = (check: ThresholdCheck) => check.passed === null && check.reason === noBaseline;
  if (checks.some((check) => check.passed === null && !skipped(check))) return 'inconclusive';
  return checks.every(skipped) ? 'none' : 'passed';
}

function incompleteFolds({ folds }: Judged): string | undefined {
  const completed = folds.filter(({ status }) => status === 'completed').length;
  return completed < folds.length ? `${completed} of ${folds.length} folds completed` : undefined;
}

type Bound = {
  readonly text: string;
  readonly value: number | null;
  holds(observed: number, bound: number): boolean;
};

const atLeast = (observed: number, bound: number) => observed >= bound;
const atMost = (observed: number, bound: number) => observed <= bound;

function boundsOf(threshold: Threshold, baseline: Baseline | undefined): Bound[] {
  const bounds: Bound[] = [];
  const { min, max } = threshold;
  if (min !== undefined) bounds.push({ text: `>= ${min}`, value: min, holds: atLeast });
  if (max !== undefined) bounds.push({ text: `<= ${max}`, value: max, holds: atMost });
  if (threshold.not_worse_than !== undefined) bounds.push(baselineBound(threshold, baseline));
  return bounds;
}

/** Not worse than the baseline by more than the margin, in the metric's own direction. */
function baselineBound(
  { metric, statistic, margin }: Threshold,
  baseline: Baseline | undefined,
): Bound {
  const value = baseline?.values[metric]?.[statistic] ?? null;
  const higherIsBetter = direction(metric) === 'max';
  const limit = value === null ? null : higherIsBetter ? value - margin : value + margin;
  return {
    text: `${higherIsBetter ? '>=' : '<='} baseline ${higherIsBetter ? '-' : '+'} ${margin}`,
    value: limit,
    holds: higherIsBetter ? atLeast : atMost,
  };
}

/** The statistic of a metric over the folds; null where it cannot be computed. */
export function observe(
  { folds, summary }: Pick<Judged, 'folds' | 'summary'>,
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
