/** How a run ends the command (DESIGN: exit codes). */
import { type ErrorCode, exitCodes } from '../errors.ts';
import type { RunOutcome } from '../execution/run-experiment.ts';

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

/** All folds failed: of the same environment, or of the experiment itself. */
function codeOfFailures(failures: readonly string[]): number {
  const codes = new Set(failures.map((code) => exitCodes[code as ErrorCode] ?? inconclusive));
  const [only] = codes;
  return codes.size === 1 && only !== undefined ? only : inconclusive;
}
