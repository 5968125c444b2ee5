/** How a run ends the command (DESIGN: exit codes). */
import { type ErrorCode, exitCodes } from '../errors.ts';
import type { RunOutcome } from '../execution/run-experiment.ts';
import type { StudyOutcome } from '../execution/run-study.ts';

const inconclusive = 3;
const bug = 70;

export function exitCodeOf({ result, failures }: Pick<RunOutcome, 'result' | 'failures'>): number {
  if (result.status === 'interrupted') return exitCodes.INTERRUPTED;
  if (failures.includes('BUG')) return bug;
  const allFailed = result.folds.every(({ status }) => status === 'failed');
  if (allFailed) return codeOfFailures(failures);
  if (result.folds.some(({ status }) => status !== 'completed')) return inconclusive;
  return { none: 0, passed: 0, failed: 1, inconclusive }[result.thresholds.verdict];
}

/** A study ends as its worst variant; what could not be compared is inconclusive. */
export function exitCodeOfStudy({ record, outcomes }: StudyOutcome): number {
  if (record.status === 'interrupted') return exitCodes.INTERRUPTED;
  const codes = outcomes.map(exitCodeOf);
  const worst = severity.find((code) => codes.includes(code));
  if (worst !== undefined) return worst;
  const smoke = outcomes.some(({ result }) => result.smoke);
  return record.comparison || smoke || outcomes.length < 2 ? 0 : inconclusive;
}

/** Exit codes from the worst on. */
const severity = [bug, exitCodes.INTERRUPTED, exitCodes.ENGINE, inconclusive, 1];

/** All folds failed: of the same environment, or of the experiment itself. */
function codeOfFailures(failures: readonly string[]): number {
  const codes = new Set(failures.map((code) => exitCodes[code as ErrorCode] ?? inconclusive));
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? only : inconclusive;
}
