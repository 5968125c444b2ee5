/** `summary.md`: what a pull request or a chat should see of a run. */
import type { ExperimentResult } from '../result/experiment-result.ts';
import { verdictLine } from './describe-result.ts';
import {
  formatInterval,
  formatKnowNothing,
  formatMean,
  formatValue,
  overallMetrics,
} from './format.ts';

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
  const rows = thresholds.checks.map(({ metric, statistic, observed, bound, passed, reason }) => {
    const state = passed === null ? 'not judged' : passed ? 'held' : '**missed**';
    const why = reason === undefined ? '' : `: ${reason}`;
    return [metric, statistic, formatValue(observed), bound, `${state}${why}`];
  });
  return ['## Thresholds', table(['metric', 'statistic', 'observed', 'bound', ''], rows)];
}

function warnings({ dataset, lint, folds }: ExperimentResult): string[] {
  const lost = folds.filter(({ status }) => status !== 'completed');
  const lines = [
    ...(dataset.synthetic ? ['The pictures are synthetic.'] : []),
    ...lost.map(({ fold, status, reason }) => `Fold ${fold} ${status}: ${reason ?? 'no reason'}.`),
    ...lint.filter(({ off }) => off === undefined).map(({ id, message }) => `${id}: ${message}`),
  ];
  return lines.length === 0 ? [] : [lines.map((line) => `- ${plain(line)}`).join('\n')];
}

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => (cell === '---' ? cell : plain(cell))).join(' | ')} |`)
    .join('\n');

/** User text may hold anything; what Markdown or HTML would read is written as an entity. */
const plain = (text: string): string =>
  text.replace(/[|<>&\\`[\]]/g, (char) => `&#${char.charCodeAt(0)};`).replace(/\s*\n\s*/g, ' ');
