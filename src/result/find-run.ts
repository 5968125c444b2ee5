/** What a user's word means: a run, or a study with a run for each of its variants. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ExperimentError } from '../errors.ts';
import { type RunPaths, runPaths } from './run-directory.ts';

/** The file that only a run's directory has, from its beginning on. */
const runFile = 'config.yaml';

/** The file that only a study's directory has. */
export const studyFile = 'study.json';

export type StudyPaths = {
  readonly directory: string;
  readonly variants: readonly { readonly name: string; readonly run: RunPaths }[];
};

/** The directories of an experiment's runs or studies that hold `file`, oldest first. */
export function directoriesWith(root: string, name: string, file: string): string[] {
  const directory = join(root, name);
  if (!existsSync(directory)) return [];
  // Ids begin with the time.
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, file)))
    .map((entry) => entry.name)
    .sort()
    .map((id) => join(directory, id));
}

/** All runs of an experiment, oldest first. */
export const listRuns = (root: string, name: string): RunPaths[] =>
  directoriesWith(root, name, runFile).map(runPaths);

/**
 * The run that a user means: a directory, a `result.json`, a run id, or an experiment's name (its
 * newest run). Throws USAGE when there is none, and for a study, which is several.
 */
export function findRun(root: string, text: string): RunPaths {
  const study = findStudy(root, text);
  if (study) {
    const runs = study.variants.map(({ run }) => run.directory);
    throw new ExperimentError('USAGE', `"${text}" is a study`, `Name a run: ${runs.join(', ')}.`);
  }
  const found = directoryOf(root, text, runFile);
  if (found !== undefined) return runPaths(found);
  throw new ExperimentError(
    'USAGE',
    `there is no run "${text}"`,
    `Name a run's directory, its id, or an experiment with runs in ${root}/.`,
  );
}

/** The same for a study; undefined where the word means none. */
export function findStudy(root: string, text: string): StudyPaths | undefined {
  const directory = directoryOf(root, text, studyFile);
  if (directory === undefined) return undefined;
  const newestRun = listRuns(root, text).at(-1);
  if (newestRun && newestRun.id > basename(directory)) return undefined;
  // Written by this program, whole or not at all.
  const record = JSON.parse(readFileSync(join(directory, studyFile), 'utf8')) as {
    readonly variants: readonly { readonly name: string; readonly directory: string }[];
  };
  const variants = record.variants.map((variant) => ({
    name: variant.name,
    run: runPaths(join(directory, variant.directory)),
  }));
  return { directory, variants };
}

/** A study's runs as far as it has come, or the one run. Throws USAGE when there is none. */
export function findRuns(root: string, text: string): RunPaths[] {
  const study = findStudy(root, text);
  if (!study) return [findRun(root, text)];
  return study.variants.map(({ run }) => run).filter(({ config }) => existsSync(config));
}

/** A directory with `file`: as it is named, by an experiment's name (the newest), or by its id. */
function directoryOf(root: string, text: string, file: string): string | undefined {
  for (const candidate of [text, dirname(text)])
    if (existsSync(join(candidate, file))) return resolve(candidate);
  const newest = directoriesWith(root, text, file).at(-1);
  if (newest !== undefined || !existsSync(root)) return newest;
  const name = readdirSync(root).find((one) => existsSync(join(root, one, text, file)));
  return name === undefined ? undefined : resolve(root, name, text);
}
