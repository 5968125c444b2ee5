/** The one metric that a run is about, and the three that every report opens with. */
import type { ExperimentResult } from './experiment-result.ts';

/**
 * Accuracy alone hides a class that is never recognised: with these beside it, the first look
 * shows it. Computed in every run.
 */
export const headlineTriple = ['accuracy', 'balanced_accuracy', 'f1_macro'] as const;

/**
 * The first metric of the config, where a family means its macro average; null where nothing was
 * computed.
 */
export function headlineMetric({
  config,
  summary,
}: Pick<ExperimentResult, 'config' | 'summary'>): string | null {
  const { metrics } = config;
  const first = Array.isArray(metrics) ? String(metrics[0]) : '';
  const candidates = [first, `${first}_macro`, ...Object.keys(summary)];
  return candidates.find((name) => name in summary) ?? null;
}
