/** `summary.md`: what a pull request or a chat should see of a run. */
import type { ExperimentResult } from '../result/experiment-result.ts';
import { worstClasses } from './class-spread.ts';
import { lintLines, verdictLine } from './describe-result.ts';
import {
  formatInterval,
  formatKnowNothing,
  formatMean,
  formatValue,
  overallMetrics,
} from './format.ts';
import { missedBy } from './missed.ts';
import { bannersOf } from './sections/banners.ts';

export function renderSummary(result: ExperimentResult): string {
  return `${[
    `# ${plain(verdictLine(result))}`,
    ...warnings(result),
    table(
      ['metric', 'mean ± sd', '95 % interval', 'pooled', 'knowing nothing'],
      overallMetrics(result).flatMap((name) => {
        const summary = result.summary[name];
        if (summary === undefined) return [];
        const { ci95, pooled } = summary;
        const knowNothing = formatKnowNothing(result.know_nothing, name);
        return [
          [name, formatMean(summary), formatInterval(ci95), formatValue(pooled), knowNothing],
        ];
      }),
    ),
    ...checks(result),
  ].join('\n\n')}\n`;
}

function checks({ thresholds }: ExperimentResult): string[] {
  if (thresholds.checks.length === 0) return [];
  const rows = thresholds.checks.map((check) => {
    const { metric, statistic, observed, bound, passed, reason } = check;
    const missed = `**missed** ${missedBy(check)}`.trimEnd();
    const state = passed === null ? 'not judged' : passed ? 'held' : missed;
    const why = reason === undefined ? '' : `: ${reason}`;
    return [metric, statistic, formatValue(observed), bound, `${state}${why}`];
  });
  return ['## Thresholds', table(['metric', 'statistic', 'observed', 'bound', ''], rows)];
}

/** What opens the report too, and what lint found. */
function warnings(result: ExperimentResult): string[] {
  const lines = [
    ...bannersOf(result).flatMap(({ title, text, points }) => [`${title}. ${text}`, ...points]),
    ...worstOf(result),
    ...lintLines(result.lint),
  ];
  return lines.length === 0 ? [] : [lines.map((line) => `- ${plain(line)}`).join('\n')];
}

function worstOf(result: ExperimentResult): string[] {
  const worst = worstClasses(result);
  return worst === null
    ? []
    : [`Recognised least: ${worst.names.join(', ')} (recall ${formatMean(worst.recall)})`];
}

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => (cell === '---' ? cell : plain(cell))).join(' | ')} |`)
    .join('\n');

/** User text may hold anything; what Markdown or HTML would read is written as an entity. */
const plain = (text: string): string =>
  text.replace(/[|<>&\\`[\]]/g, (char) => `&#${char.charCodeAt(0)};`).replace(/\s*\n\s*/g, ' ');
