/**
 * Result → verdict. Pure: the same object gives the report's first line, `result.json`, JUnit and
 * the exit code. A bound that cannot be judged is never a pass.
 */
import { direction } from '../metrics/names.ts';
import type { ExperimentResult, ThresholdCheck, Verdict } from '../result/experiment-result.ts';
import { type Baseline, whyNotComparable } from './baseline.ts';
import { observe } from './observe.ts';
import type { Threshold, ThresholdsConfig } from './schema.ts';

const noBaseline = 'no baseline to compare with';

type Judged = Pick<ExperimentResult, 'folds' | 'summary' | 'smoke' | 'dataset' | 'split'>;

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
    boundsOf(threshold, result, baseline).map((bound): ThresholdCheck => {
      const { metric, statistic } = threshold;
      const observed = incomplete ? null : observe(result, metric, statistic);
      const shown = { metric, statistic, observed, bound: bound.text };
      if (bound.value === null) return { ...shown, passed: null, reason: bound.reason };
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
  /** Why there is no value. */
  readonly reason?: string | undefined;
  holds(observed: number, bound: number): boolean;
};

const atLeast = (observed: number, bound: number) => observed >= bound;
const atMost = (observed: number, bound: number) => observed <= bound;

function boundsOf(threshold: Threshold, result: Judged, baseline: Baseline | undefined): Bound[] {
  const bounds: Bound[] = [];
  const { min, max } = threshold;
  if (min !== undefined) bounds.push({ text: `>= ${min}`, value: min, holds: atLeast });
  if (max !== undefined) bounds.push({ text: `<= ${max}`, value: max, holds: atMost });
  if (threshold.not_worse_than !== undefined)
    bounds.push(baselineBound(threshold, result, baseline));
  return bounds;
}

/** Not worse than the baseline by more than the margin, in the metric's own direction. */
function baselineBound(
  { metric, statistic, margin }: Threshold,
  result: Judged,
  baseline: Baseline | undefined,
): Bound {
  const higherIsBetter = direction(metric) === 'max';
  const [relation, sign] = higherIsBetter ? ['>=', '-'] : ['<=', '+'];
  const holds = higherIsBetter ? atLeast : atMost;
  const text = `${relation} baseline ${sign} ${margin}`;
  if (!baseline) return { text, value: null, reason: noBaseline, holds };
  const value = baseline.values[metric]?.[statistic] ?? null;
  const reason =
    whyNotComparable(result, baseline) ??
    (value === null ? `the baseline has no ${statistic} of ${metric}` : undefined);
  if (reason !== undefined || value === null) return { text, value: null, reason, holds };
  return {
    text: `${text} = ${higherIsBetter ? value - margin : value + margin}`,
    value: higherIsBetter ? value - margin : value + margin,
    holds,
  };
}
