/** What the terminal says at the end of a run or a study: the numbers, and where to go next. */
import type { RunOutcome } from '../execution/run-experiment.ts';
import type { StudyOutcome } from '../execution/run-study.ts';
import { describeComparison } from '../report/describe-comparison.ts';
import { describeResult } from '../report/describe-result.ts';

export function describeOutcome({ result, paths, tracking }: RunOutcome, file: string): string {
  const described = describeResult(result);
  if (result.status === 'interrupted')
    return `${described}\n\nInterrupted. Go on with: npm run exp -- run ${file} --resume=${paths.id}`;
  const mlflow = tracking.url ?? 'npm run ui   shows this and all other runs';
  const lines = [described, '', `report  ${paths.report}`, `MLflow  ${mlflow}`];
  return [...lines, ...(tracking.message ? [tracking.message] : [])].join('\n');
}

export function describeStudy({ record, directory, report }: StudyOutcome, file: string): string {
  if (record.status === 'interrupted')
    return `Interrupted. The same command goes on: npm run exp -- run ${file}`;
  if (!record.comparison) return `not compared: ${record.reason}\n\nstudy   ${directory}`;
  return [describeComparison(record.comparison), '', `report  ${report}`].join('\n');
}
