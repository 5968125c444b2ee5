/** All that is known of a run from its own directory: journal, config and, at its end, result. */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ExperimentResult } from '../result/experiment-result.ts';
import type { RunPaths } from '../result/run-directory.ts';
import type { RunEvent } from './events.ts';
import { historyOf, type RunHistory } from './history.ts';
import { isMapping, type Mapping } from './mapping.ts';

export type RunRecord = {
  readonly paths: RunPaths;
  readonly history: RunHistory;
  /** The resolved config as plain data. */
  readonly config: Mapping;
  readonly result: ExperimentResult | null;
};

/** null while the run has not written its first event. */
export const readRunRecord = (paths: RunPaths, events: readonly RunEvent[]): RunRecord | null => {
  const history = historyOf(events);
  if (history === null) return null;
  return { paths, history, config: readConfig(paths), result: readResult(paths) };
};

/** Empty where there is none. */
export const readConfig = ({ config }: RunPaths): Mapping => {
  if (!existsSync(config)) return {};
  const value: unknown = parse(readFileSync(config, 'utf8'));
  return isMapping(value) ? value : {};
};

const readResult = ({ result }: RunPaths): ExperimentResult | null =>
  existsSync(result)
    ? // result.json is written by this program alone, whole or not at all.
      (JSON.parse(readFileSync(result, 'utf8')) as ExperimentResult)
    : null;
