import { readResult } from '../result/read-result.ts';
import { type RunPaths, writeAtomically } from '../result/run-directory.ts';
import { renderReport } from './render.ts';
import { renderSummary } from './summary.ts';

/**
 * Writes `report.html` and `summary.md` of a run from `result.json` and the files beside it; the
 * dataset may be gone. Throws USAGE where there is no result.
 */
export async function writeReport(paths: RunPaths): Promise<void> {
  const result = readResult(paths);
  writeAtomically(paths.report, await renderReport(result, paths));
  writeAtomically(paths.summary, renderSummary(result));
}
