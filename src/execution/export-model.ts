/** Copies a fold's model with all that is needed to use it. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExperimentError } from '../errors.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';
import type { RunPaths } from '../result/run-directory.ts';
import { readPreprocessing, writePreprocessing } from './model-card.ts';

/**
 * Writes `model.json`, its weights, `labels.json` and `preprocessing.json` into `target`, complete
 * or not at all. Gives the folder's absolute path.
 *
 * @throws {ExperimentError} USAGE when the folder exists or the fold's model is not there.
 */
export function exportModel(
  { config }: ExperimentResult,
  paths: RunPaths,
  fold: number,
  target: string,
): string {
  const source = paths.fold(fold).model;
  const directory = resolve(target);
  if (!existsSync(source)) {
    throw new ExperimentError('USAGE', `the model of fold ${fold} is not at ${source}`);
  }
  if (existsSync(directory)) {
    throw new ExperimentError('USAGE', `${directory} exists already`, 'Name another folder.');
  }
  const preprocessing = readPreprocessing(source);
  const temporary = `${directory}.${process.pid}.tmp`;
  mkdirSync(dirname(directory), { recursive: true });
  try {
    cpSync(source, temporary, { recursive: true });
    writePreprocessing(temporary, { ...preprocessing, pictures: pictureSteps(config) });
    renameSync(temporary, directory);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return directory;
}

/** The keys of `dataset` that change whole pictures. */
function pictureSteps({ dataset }: ExperimentResult['config']): Record<string, unknown> {
  // The config in result.json has been checked before the run began.
  const { image, preprocessing } = dataset as Readonly<Record<string, unknown>>;
  return { image, preprocessing };
}
