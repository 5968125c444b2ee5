/** MLflow in a virtual environment of its own, outside of the clone, made on first use. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExperimentError } from '../../errors.ts';
import { isAlive } from '../../result/is-alive.ts';
import type { Environment } from './settings.ts';

/** The version that the client is tested against. */
export const mlflowVersion = '3.17.2';

export type Progress = (message: string) => void;

/** Where the environment lies, whether it is there or not. */
export const mlflowDirectory = (environment: Environment = process.env): string =>
  join(
    environment.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'foldwise',
    `mlflow-${mlflowVersion}`,
  );

/**
 * Makes the virtual environment unless it is there, and gives the path of its Python. An
 * interrupted installation is done again; a second process waits for the first. Throws SETUP
 * where Python is missing, NETWORK where pip fails, INTERRUPTED once `signal` is aborted.
 */
export const installMlflow = async (
  progress: Progress,
  signal?: AbortSignal,
  directory = mlflowDirectory(),
): Promise<string> => {
  const python = join(directory, 'bin', 'python');
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return python;
  const lock = `${directory}.lock`;
  mkdirSync(join(directory, '..'), { recursive: true });
  await takeLock(lock, progress, signal);
  try {
    if (existsSync(complete)) return python;
    rmSync(directory, { recursive: true, force: true });
    progress('making a virtual environment for MLflow');
    const run: PythonRun = { progress, signal };
    await runPython('python3', ['-m', 'venv', directory], run, venvFailed);
    progress(`installing MLflow ${mlflowVersion} (some 500 MB, once)`);
    const pip = ['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off'];
    await runPython(python, [...pip, `mlflow==${mlflowVersion}`], run, pipFailed);
    writeFileSync(complete, '');
    return python;
  } finally {
    rmSync(lock, { force: true });
  }
};

const venvFailed = (output: string) =>
  new ExperimentError(
    'SETUP',
    `Python could not make a virtual environment.\n${output}`,
    'MLflow needs Python 3.10 or later with the venv module (Debian: apt install python3-venv).',
  );

const pipFailed = (output: string) =>
  new ExperimentError(
    'NETWORK',
    `pip could not install MLflow ${mlflowVersion}.\n${output}`,
    'Check the network and the disk (1.5 GB), then run the same command again. Runs stay in ' +
      'runs/ and can be sent later.',
  );

const takeLock = async (
  lock: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> => {
  for (let waiting = false; ; await sleep(500)) {
    if (signal?.aborted) throw interrupted();
    try {
      writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
      return;
    } catch (error) {
      // Whatever fs throws is an ErrnoException.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(lock);
    if (owner !== null && !isAlive(owner)) rmSync(lock, { force: true });
    else if (!waiting) {
      progress(`waiting for process ${owner}, which is installing MLflow`);
      waiting = true;
    }
  }
};

/** null while the owner has not written its number yet, or has just removed the lock. */
const ownerOf = (lock: string): number | null => {
  try {
    return Number(readFileSync(lock, 'utf8')) || null;
  } catch {
    return null;
  }
};

export const interrupted = (): ExperimentError =>
  new ExperimentError('INTERRUPTED', 'Interrupted.', 'Run the same command again to go on.');

type PythonRun = { readonly progress: Progress; readonly signal: AbortSignal | undefined };

/** Runs to the end, tells what pip is at, and fails with the last lines of what was printed. */
const runPython = (
  python: string,
  args: readonly string[],
  { progress, signal }: PythonRun,
  failed: (output: string) => ExperimentError,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child: ChildProcessByStdio<null, Readable, Readable> = spawn(python, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      // Named, so that a test's changes reach the child.
      env: process.env,
    });
    let output = '';
    let toldAt = 0;
    const read = (chunk: Buffer) => {
      const said = chunk.toString('utf8');
      output = (output + said).slice(-10_000);
      const step = /^ *(Collecting|Downloading|Building|Installing)\b.{0,60}/m.exec(said)?.[0];
      // pip names a hundred packages; a line every two seconds shows that it goes on.
      if (step === undefined || Date.now() - toldAt < 2000) return;
      toldAt = Date.now();
      progress(step.trim());
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => reject(signal?.aborted ? interrupted() : failed(error.message)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else if (signal?.aborted) reject(interrupted());
      else reject(failed(output.trim().split('\n').slice(-8).join('\n')));
    });
  });
