/** What each number cost and how it was picked: parameters, time, epochs, the rule of choice. */
import type { Comparison } from '../../compare/comparison.ts';
import { numberCell } from '../cell.ts';
import { formatCount, formatDuration } from '../format.ts';

export const models = ({ runs }: Comparison, reports: readonly string[]) =>
  runs.map((run, i) => ({
    label: run.label,
    report: reports[i] ?? '',
    runId: run.run_id,
    input: run.input.join(' × '),
    parameters: numberCell(run.parameters, formatCount),
    seconds: numberCell(run.seconds_per_fold, formatDuration),
    budget: numberCell(run.epochs, formatCount),
    epochs: rangeOf(run.epochs_run),
    selection: run.selection,
  }));

/** `12 … 20`, or one number where all are equal. */
function rangeOf(values: readonly number[]): string {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  return lowest === highest ? String(lowest) : `${lowest} … ${highest}`;
}
