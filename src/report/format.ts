/** Numbers as people read them. The same everywhere: terminal, summary and report. */
import type { ExperimentResult, MetricValues, Summary } from '../result/experiment-result.ts';

export const missing = '—';

/** Four decimals: the resolution of one picture in ten thousand. */
export const formatValue = (value: number | null | undefined): string =>
  value === null || value === undefined ? missing : value.toFixed(4);

/** `0.9876 ± 0.0031`; without a deviation (one fold) the mean alone. */
export function formatMean({ mean, sd }: Pick<Summary, 'mean' | 'sd'>): string {
  if (mean === null) return missing;
  return sd === null ? formatValue(mean) : `${formatValue(mean)} ± ${formatValue(sd)}`;
}

export const formatInterval = (interval: Summary['ci95']): string =>
  interval ? `${formatValue(interval[0])} … ${formatValue(interval[1])}` : missing;

/** `1,234,567`. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** Whole seconds as `1 h 02 min`, `3 min 05 s` or `12 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole >= 3600)
    return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${whole} s`;
}

/** Metrics in the order of the config, those of single classes left out. */
export const overallMetrics = ({ summary }: Pick<ExperimentResult, 'summary'>): string[] =>
  Object.keys(summary).filter((name) => !name.includes('['));

/** What a predictor reaches that never looks at the picture. */
export const formatKnowNothing = (scores: MetricValues, name: string): string =>
  formatValue(scores[name]);
