/** A result as a few lines of plain text for the terminal: verdict first, then the numbers. */
import type { ExperimentResult, FoldRecord, LintFinding } from '../result/experiment-result.ts';
import {
  formatDuration,
  formatInterval,
  formatKnowNothing,
  formatMean,
  formatValue,
  missing,
  overallMetrics,
} from './format.ts';
import { missedBy } from './missed.ts';

export function describeResult(result: ExperimentResult): string {
  const lint = lintLines(result.lint);
  return [
    verdictLine(result),
    '',
    ...metricTable(result),
    ...checkLines(result),
    ...(lint.length > 0 ? ['', ...lint] : []),
  ].join('\n');
}

/** What the verdict line is made of. */
type Judged = Pick<ExperimentResult, 'name' | 'seconds' | 'smoke' | 'thresholds'> & {
  readonly folds: readonly Pick<FoldRecord, 'status'>[];
};

/** The one line that says how it went. */
export function verdictLine(result: Judged): string {
  const { folds, name, seconds, smoke, thresholds } = result;
  const completed = folds.filter(({ status }) => status === 'completed').length;
  const judged = {
    none: 'done',
    passed: 'passed: all thresholds held',
    failed: `FAILED: ${missedChecks(result)}`,
    inconclusive: `INCONCLUSIVE: ${unjudged(result)}`,
  }[thresholds.verdict];
  const how = smoke ? 'smoke run, not judged' : judged;
  return `${name}: ${how} (${completed} of ${folds.length} folds, ${formatDuration(seconds)})`;
}

/** Each missed number, its bound and by how much. */
const missedChecks = ({ thresholds }: Judged): string =>
  thresholds.checks
    .filter(({ passed }) => passed === false)
    .map((check) => {
      const { metric, statistic, observed, bound } = check;
      const what = statistic === 'mean' ? metric : `${metric} (${statistic})`;
      return `${what} ${formatValue(observed)} missed ${bound} ${missedBy(check)}`.trimEnd();
    })
    .join(', ');

/** Why there is no verdict, each reason once. */
const unjudged = ({ thresholds }: Judged): string => {
  const reasons = thresholds.checks.flatMap(({ passed, reason }) =>
    passed === null && reason !== undefined ? [reason] : [],
  );
  return [...new Set(reasons)].join(', ') || 'no verdict';
};

/** The verdict line and the checks below it. */
export const describeChecks = (result: ExperimentResult): string =>
  [verdictLine(result), ...checkLines(result)].join('\n');

function metricTable(result: ExperimentResult): string[] {
  const rows = overallMetrics(result).map((name) => {
    const summary = result.summary[name];
    if (!summary) return [name, missing, missing, missing, missing];
    return [
      name,
      formatMean(summary),
      formatInterval(summary.ci95),
      formatValue(summary.pooled),
      formatKnowNothing(result.know_nothing, name),
    ];
  });
  return alignColumns([
    ['metric', 'mean ± sd', '95 % interval', 'pooled', 'knowing nothing'],
    ...rows,
  ]);
}

function checkLines({ thresholds }: ExperimentResult): string[] {
  if (thresholds.checks.length === 0) return [];
  const lines = thresholds.checks.map((check) => {
    const { metric, statistic, observed, bound, passed, reason } = check;
    const mark = passed === null ? '?' : passed ? '✓' : '✗';
    const missed = passed === false ? ` missed ${missedBy(check)}`.trimEnd() : '';
    const why = reason ? `: ${reason}` : missed;
    return `${mark} ${metric} (${statistic}) ${formatValue(observed)} ${bound}${why}`;
  });
  return ['', ...lines];
}

/** `warning IMB001 …`; a rule that is switched off says why. */
export const lintLines = (findings: readonly LintFinding[]): string[] =>
  findings.map(({ id, severity, message, off }) =>
    off === undefined ? `${severity} ${id}: ${message}` : `off ${id} (${off}): ${message}`,
  );

/** Cells padded to the widest of their column, two spaces between. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
