/** Runs the built command as a user does, in a directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentResult } from '../../src/result/experiment-result.ts';

const repository = join(import.meta.dirname, '../..');
export const cli = join(repository, 'dist/cli.js');

export type Workspace = { readonly directory: string; path(...names: string[]): string };

/** A directory with `data/digits.csv`, `experiments/` and room for runs. */
export function makeWorkspace(): Workspace {
  const directory = mkdtempSync(join(tmpdir(), 'foldwise-'));
  mkdirSync(join(directory, 'data'));
  cpSync(join(repository, 'data/digits.csv'), join(directory, 'data/digits.csv'));
  cpSync(join(repository, 'experiments'), join(directory, 'experiments'), { recursive: true });
  return { directory, path: (...names) => join(directory, ...names) };
}

/** Writes an experiment on a few digits that trains in seconds. */
export function writeTinyExperiment(workspace: Workspace, changes = ''): string {
  const file = workspace.path('experiments', 'tiny.yaml');
  writeFileSync(
    file,
    `dataset:
  source: { type: pixel_csv, path: ../data/digits.csv }
  limit: 20
split:
  strategy: { type: stratified_k_fold, folds: 3 }
  validation: { fraction: 0.2 }
model:
  layers:
    - { type: conv2d, filters: 4, kernel_size: 3, activation: relu }
    - batch_normalization
    - flatten
    - { type: dropout, rate: 0.2 }
    - { type: dense, units: classes, activation: softmax }
training:
  epochs: 3
  batch_size: 16
  optimizer: { type: adam, learning_rate: 0.01 }
${changes}`,
  );
  return file;
}

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = { readonly process: ChildProcess; readonly ended: Promise<Ended> };

/** Starts the command; no MLflow server of the machine is spoken to. */
export function startFoldwise(
  workspace: Workspace,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Running {
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [cli, ...words], {
    cwd: workspace.directory,
    env: { ...inherited, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, ended };
}

export const foldwise = (
  workspace: Workspace,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> => startFoldwise(workspace, words, environment).ended;

/** Directories of all runs of an experiment, oldest first. */
export function runsOf(workspace: Workspace, name: string): string[] {
  const directory = workspace.path('runs', name);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .map((id) => join(directory, id));
}

export const readResult = (run: string) =>
  JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as ExperimentResult;

/** Resolves when the condition holds; rejects after two minutes. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 120_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error('it did not happen in two minutes');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
