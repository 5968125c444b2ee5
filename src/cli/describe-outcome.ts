/** What the terminal says at the end of a run or a study: the numbers, and where to go next. */
import type { RunOutcome } from '../execution/run-experiment.ts';
import type { StudyOutcome } from '../execution/run-study.ts';
import { describeComparison } from '../report/describe-comparison.ts';
import { describeResult, verdictLine } from '../report/describe-result.ts';

/** `command`: the file and the changes (`--set`) that the run was started with. */
export function describeOutcome(
  { result, paths, tracking }: RunOutcome,
  command: readonly string[],
): string {
  if (result.status === 'interrupted') {
    const again = inShell(['run', ...command, `--resume=${paths.id}`]);
    return `${verdictLine(result)}\n\nInterrupted. Go on with: npm run exp -- ${again}`;
  }
  const described = describeResult(result);
  const mlflow = tracking.url ?? 'npm run ui   shows this and all other runs';
  const lines = [described, '', `report  ${paths.report}`, `MLflow  ${mlflow}`];
  return [...lines, ...(tracking.message ? [tracking.message] : [])].join('\n');
}

export function describeStudy(
  { record, directory, report }: StudyOutcome,
  command: readonly string[],
): string {
  if (record.status === 'interrupted')
    return `Interrupted. The same command goes on: npm run exp -- ${inShell(['run', ...command])}`;
  if (!record.comparison) return `not compared: ${record.reason}\n\nstudy   ${directory}`;
  return [describeComparison(record.comparison), '', `report  ${report}`].join('\n');
}

/** Words as they are typed in a shell. */
const inShell = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
