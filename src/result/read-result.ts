/** Reads `result.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { ExperimentError } from '../errors.ts';
import type { ExperimentResult } from './experiment-result.ts';
import type { RunPaths } from './run-directory.ts';

/** Throws USAGE where the run has no result yet or was written by another version. */
export function readResult({ result, id }: RunPaths): ExperimentResult {
  if (!existsSync(result))
    throw new ExperimentError(
      'USAGE',
      `run ${id} has no result.json: it has not come to an end`,
      'Run its experiment again: it goes on where it stopped.',
    );
  const value = JSON.parse(readFileSync(result, 'utf8')) as { schema_version?: unknown };
  if (value.schema_version !== 1)
    throw new ExperimentError(
      'USAGE',
      `${result} has schema version ${String(value.schema_version)}, this Foldwise reads 1`,
      'Read it with the version of Foldwise that wrote it.',
    );
  // Written by this program, whole or not at all.
  return value as ExperimentResult;
}
