/** A run to work in: a new directory, or one that goes on. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import type { ExperimentConfig } from '../config/experiment.ts';
import { ExperimentError } from '../errors.ts';
import { findRun, listRuns } from '../result/find-run.ts';
import {
  createRunDirectory,
  type RunPaths,
  runPaths,
  writeAtomically,
} from '../result/run-directory.ts';
import { readJournal } from '../tracking/journal.ts';

/**
 * Which run: a new one; the newest unfinished one, or else a new one; the newest unfinished one;
 * one that is named; the one in a directory (a study's variant), begun there where there is none.
 */
export type RunSelection =
  | { readonly kind: 'new' | 'continue_or_new' | 'unfinished' }
  | { readonly kind: 'named'; readonly run: string }
  | { readonly kind: 'at'; readonly directory: string };

export type OpenedRun = { readonly paths: RunPaths; readonly resumed: boolean };

/** Sections that change no prediction; a run may go on with others. */
const withoutEffect = new Set(['name', 'description', 'tracking', 'report', 'thresholds', 'lint']);

/** What decides the predictions, as plain data. */
const decisive = (config: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !withoutEffect.has(key)));

/** SHA-256 of the whole resolved config. */
export const configHash = (config: ExperimentConfig): string =>
  createHash('sha256').update(JSON.stringify(config)).digest('hex');

export function openRun(
  root: string,
  config: ExperimentConfig,
  selection: RunSelection,
  now: Date,
): OpenedRun {
  const paths = chooseRun(root, config, selection);
  if (!paths) return { paths: newRun(root, config, selection, now), resumed: false };
  const changed = changedSections(paths, config);
  if (changed.length > 0)
    throw new ExperimentError(
      'USAGE',
      `run ${paths.id} was started with another ${changed.join(', ')}`,
      'Undo the change to go on with it, or start a new run with --fresh.',
    );
  return { paths, resumed: true };
}

/** The run to go on with, or undefined for a new one. */
function chooseRun(
  root: string,
  config: ExperimentConfig,
  selection: RunSelection,
): RunPaths | undefined {
  if (selection.kind === 'new') return undefined;
  if (selection.kind === 'named') return findRun(root, selection.run);
  if (selection.kind === 'at') {
    const paths = runPaths(selection.directory);
    return existsSync(paths.config) ? paths : undefined;
  }
  const newest = listRuns(root, config.name).filter(isUnfinished).at(-1);
  if (selection.kind === 'continue_or_new')
    return newest && changedSections(newest, config).length === 0 ? newest : undefined;
  if (newest) return newest;
  throw new ExperimentError(
    'USAGE',
    `${config.name} has no unfinished run`,
    'Leave out --resume to start a new one.',
  );
}

function newRun(
  root: string,
  config: ExperimentConfig,
  selection: RunSelection,
  now: Date,
): RunPaths {
  const paths =
    selection.kind === 'at'
      ? runPaths(selection.directory)
      : createRunDirectory(root, config.name, configHash(config), now);
  writeAtomically(paths.config, stringify(config, { aliasDuplicateObjects: false }));
  return paths;
}

/** Killed or interrupted before its end; smoke runs are never gone on with. */
function isUnfinished({ result, events }: RunPaths): boolean {
  const [begun] = readJournal(events);
  if (begun?.kind !== 'run_started' || begun.smoke) return false;
  if (!existsSync(result)) return true;
  const { status } = JSON.parse(readFileSync(result, 'utf8')) as { status: string };
  return status === 'interrupted';
}

/** Decisive sections that differ: going on would mix two experiments in one result. */
function changedSections(paths: RunPaths, config: ExperimentConfig): string[] {
  const before = decisive(parse(readFileSync(paths.config, 'utf8')) as Record<string, unknown>);
  // As it would be read back: keys without a value are not written.
  const now = decisive(JSON.parse(JSON.stringify(config)) as Record<string, unknown>);
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(before[key], now[key]),
  );
}
