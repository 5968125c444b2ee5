/**
 * A study: every variant of an experiment as a run of its own, on the same folds and seeds, then
 * compared. It lies in `runs/<name>/<study-id>/` and goes on where it was stopped.
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { compareRuns } from '../compare/compare-runs.ts';
import { readRunToCompare } from '../compare/read-runs.ts';
import { readStudy, type StudyRecord, writeStudy } from '../compare/study-record.ts';
import { type LoadedExperiment, loadExperiment } from '../config/load.ts';
import { ExperimentError } from '../errors.ts';
import { writeStudyComparison } from '../report/comparison/write-comparison.ts';
import { directoriesWith, studyFile } from '../result/find-run.ts';
import { createRunDirectory, runPaths } from '../result/run-directory.ts';
import type { RunObserver } from './observer.ts';
import { configHash } from './open-run.ts';
import { type RunOptions, type RunOutcome, runExperiment } from './run-experiment.ts';

export type StudyOutcome = {
  readonly directory: string;
  readonly record: StudyRecord;
  /** In the order of the variants; shorter than they are when the study was interrupted. */
  readonly outcomes: readonly RunOutcome[];
  /** Path of the comparison's page; null where nothing could be compared. */
  readonly report: string | null;
};

export type StudyOptions = Omit<RunOptions, 'selection' | 'variantConfigs'> & {
  readonly set: readonly string[];
  /** Start anew, whatever is unfinished. */
  readonly fresh: boolean;
};

/** Gives the watcher of a variant's run, and is told when it has ended. */
export type StudyWatcher = {
  onVariant(name: string, position: number, experiment: LoadedExperiment): RunObserver;
  onVariantEnded(name: string, outcome: RunOutcome): Promise<void>;
};

/** Runs, or goes on with, all variants of `file` in their order, and compares them. */
export async function runStudy(
  file: string,
  names: readonly string[],
  options: StudyOptions,
  watcher: StudyWatcher,
): Promise<StudyOutcome> {
  const variants = names.map((name) => ({
    name,
    directory: join('variants', name),
    experiment: loadExperiment(file, { set: options.set, variant: name }),
  }));
  const [first] = variants;
  if (!first) throw new ExperimentError('USAGE', `${file} has no variants`);
  const hash = hashOf(variants.map(({ experiment }) => configHash(experiment.config)));
  const { name } = first.experiment.config;
  const directory = openStudy(options, name, hash);
  const begun = {
    schema_version: 1,
    study_id: basename(directory),
    name,
    config_hash: hash,
    variants: variants.map((variant) => ({ name: variant.name, directory: variant.directory })),
  } as const;
  writeStudy(directory, { ...begun, status: 'running', comparison: null, reason: null });
  const variantConfigs = Object.fromEntries(
    variants.map((variant) => [variant.name, variant.experiment.config]),
  );
  const outcomes: RunOutcome[] = [];
  for (const [position, variant] of variants.entries()) {
    if (options.signal.aborted) break;
    const outcome = await runExperiment(
      variant.experiment,
      {
        ...options,
        variantConfigs,
        selection: { kind: 'at', directory: join(directory, variant.directory) },
      },
      watcher.onVariant(variant.name, position, variant.experiment),
    );
    await watcher.onVariantEnded(variant.name, outcome);
    outcomes.push(outcome);
  }
  const interrupted = options.signal.aborted;
  const compared = interrupted
    ? { comparison: null, reason: 'the study was interrupted' }
    : compareVariants(directory, begun.variants);
  const status = interrupted ? ('interrupted' as const) : ('completed' as const);
  const record: StudyRecord = { ...begun, status, ...compared };
  writeStudy(directory, record);
  return { directory, record, outcomes, report: await writeStudyComparison(directory, record) };
}

const hashOf = (hashes: readonly string[]): string =>
  createHash('sha256').update(hashes.join('\n')).digest('hex');

/** The newest unfinished study of the same variants, or a new directory. */
function openStudy({ root, fresh, smoke }: StudyOptions, name: string, hash: string): string {
  const unfinished = directoriesWith(root, name, studyFile).filter((directory) => {
    const { config_hash, status } = readStudy(directory);
    return config_hash === hash && status !== 'completed';
  });
  const newest = fresh || smoke ? undefined : unfinished.at(-1);
  return newest ?? createRunDirectory(root, name, hash, new Date()).directory;
}

/** Variants of a study may differ in their data on purpose: then there is a reason in its place. */
function compareVariants(
  directory: string,
  variants: StudyRecord['variants'],
): Pick<StudyRecord, 'comparison' | 'reason'> {
  if (variants.length < 2) return { comparison: null, reason: 'there is one variant only' };
  try {
    const runs = variants.map((variant) => ({
      ...readRunToCompare(runPaths(join(directory, variant.directory))),
      label: variant.name,
    }));
    return { comparison: compareRuns(runs), reason: null };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return { comparison: null, reason: error.message };
  }
}
