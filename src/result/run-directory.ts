/**
 * Where everything of a run lies (DESIGN, "Files of a run"). Whatever is written goes to a
 * temporary name first and is renamed, so that a reader or a kill never meets half a file.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExperimentError } from '../errors.ts';
import { isAlive } from './is-alive.ts';

export type FoldPaths = {
  readonly directory: string;
  /** One row per test image. */
  readonly predictions: string;
  /** One row per epoch. */
  readonly history: string;
  /** The selected model, in tfjs's format. */
  readonly model: string;
  /** The last complete epoch, until the fold is done. */
  readonly state: string;
  /** What the fold came to; written last, so its presence means that the fold is finished. */
  readonly record: string;
  /** Predictions of a dataset that was never trained on. */
  unseen(name: string): string;
};

export type RunPaths = {
  readonly directory: string;
  readonly id: string;
  readonly config: string;
  readonly result: string;
  readonly splits: string;
  readonly events: string;
  readonly report: string;
  readonly summary: string;
  readonly figures: string;
  fold(fold: number): FoldPaths;
};

/** The paths of a run in `directory`, whether or not anything is there yet. */
export function runPaths(directory: string): RunPaths {
  const at = (name: string) => join(directory, name);
  return {
    directory,
    id: basename(directory),
    config: at('config.yaml'),
    result: at('result.json'),
    splits: at('splits.json'),
    events: at('events.jsonl'),
    report: at('report.html'),
    summary: at('summary.md'),
    figures: at('figures'),
    fold: (fold) => {
      const inFold = (name: string) => join(directory, 'folds', String(fold), name);
      return {
        directory: join(directory, 'folds', String(fold)),
        predictions: inFold('predictions.csv'),
        history: inFold('history.csv'),
        model: inFold('model'),
        state: inFold('state'),
        record: inFold('fold.json'),
        unseen: (name) => inFold(`unseen-${name}.csv`),
      };
    },
  };
}

/** Writes a whole file under a temporary name beside it, then renames it. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new ExperimentError(
      'DISK',
      `the disk is full: ${path} could not be written`,
      'Free some space, then go on with --resume.',
    );
  }
}

/** Makes `runs/<name>/<UTC time>-<config hash>/`; a second one in the same second gets a suffix. */
export function createRunDirectory(
  root: string,
  name: string,
  configHash: string,
  now: Date,
): RunPaths {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const base = join(root, name, `${time}-${configHash.slice(0, 8)}`);
  mkdirSync(dirname(base), { recursive: true });
  for (let copy = 1; ; copy++) {
    const directory = copy === 1 ? base : `${base}-${copy}`;
    try {
      mkdirSync(directory);
      return runPaths(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Takes the run for this process; gives back the release. Refused while another live process has
 * it: two writers in one directory would mix their folds.
 */
export function lockRun(run: RunPaths): () => void {
  const lock = join(run.directory, 'run.lock');
  const claim = `${lock}.${randomBytes(4).toString('hex')}`;
  writeFileSync(claim, String(process.pid));
  try {
    for (;;) {
      try {
        linkSync(claim, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = Number(readFileSync(lock, 'utf8'));
      if (isAlive(owner))
        throw new ExperimentError(
          'USAGE',
          `run ${run.id} is being written by process ${owner}`,
          'Wait for it to end, or start a new run with --fresh.',
        );
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(claim, { force: true });
  }
}
