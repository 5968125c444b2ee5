/** A comparison as plain text for the terminal: verdicts first, then the numbers. */
import type { Comparison } from '../compare/comparison.ts';
import { headlineVerdicts, overallVerdict } from '../compare/verdict-sentence.ts';
import { alignColumns } from './describe-result.ts';
import { formatCount, formatMean, formatValue } from './format.ts';

export function describeComparison(comparison: Comparison): string {
  const { runs, metrics, warnings, split, dataset, ranks } = comparison;
  const table = alignColumns([
    ['metric', ...runs.map(({ label }) => label), 'knowing nothing'],
    ...metrics.map((metric) => [
      metric,
      ...runs.map(({ summary }) =>
        summary[metric] ? formatMean(summary[metric]) : formatValue(null),
      ),
      formatValue(runs[0]?.know_nothing[metric]),
    ]),
  ]);
  const rankLines = ranks
    ? [
        '',
        `Friedman p = ${ranks.p.toPrecision(2)}; mean ranks ${ranks.meanRanks
          .map((rank, i) => `${runs[i]?.label} ${rank.toFixed(2)}`)
          .join(
            ', ',
          )}; critical difference (Nemenyi) ${ranks.nemenyi.criticalDifference.toFixed(2)}`,
        'Both are optimistic: they treat folds as independent.',
      ]
    : [];
  return [
    ...(runs.length > 2 ? [overallVerdict(comparison)] : []),
    ...headlineVerdicts(comparison),
    ...warnings.map(({ id, message }) => `warning ${id}: ${message}`),
    '',
    `${split.folds} folds (${split.type}) of ${formatCount(dataset.samples)} pictures`,
    ...table,
    ...rankLines,
  ].join('\n');
}
