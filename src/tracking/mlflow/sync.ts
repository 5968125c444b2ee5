/** Sends what a server has not got yet of the runs on this disk. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExperimentError } from '../../errors.ts';
import { lockRun, type RunPaths, runPaths } from '../../result/run-directory.ts';
import { journalFile, openJournal, readJournal } from '../journal.ts';
import { createClient, MlflowError, type RetryPolicy, retryPolicy } from './client.ts';
import { sendRun } from './send-run.ts';
import { createSender } from './sender.ts';
import { uiAddress } from './server.ts';
import type { Environment, ServerSettings } from './settings.ts';

export type SyncOutcome = {
  readonly run: string;
  /** `running`: another process writes the run, and sends it if told to. `empty`: never began. */
  readonly state: 'sent' | 'up_to_date' | 'deleted' | 'running' | 'empty' | 'refused';
  /** The run's page in MLflow. */
  readonly url: string | null;
  readonly message: string | null;
};

/** All runs below `root`, variants of studies among them, oldest first within an experiment. */
export const runsBelow = (root: string): readonly RunPaths[] => {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(journalFile))
    .map((file) => dirname(join(root, file)))
    .sort()
    .map(runPaths);
};

/**
 * Brings one run to a server. A run that another process is writing is left to it. What the
 * server refuses is told in the outcome; throws NETWORK where it does not answer at all.
 */
export const syncRun = async (
  paths: RunPaths,
  settings: ServerSettings,
  environment: Environment,
  policy: RetryPolicy = retryPolicy(environment),
): Promise<SyncOutcome> => {
  const outcome = { run: paths.directory, url: null, message: null };
  const release = lockUnlessRunning(paths);
  if (release === null) return { ...outcome, state: 'running' };
  try {
    const sent = await sendRun(createSender(createClient(settings, policy)), {
      paths,
      events: readJournal(paths.events),
      journal: openJournal(paths.events),
      server: settings.uri,
      environment,
      stage: 'final',
    });
    if (sent === null) return { ...outcome, state: 'empty' };
    const url = uiAddress(settings.uri, sent.experimentId, sent.runId);
    return { ...outcome, state: sent.state, url, message: sent.warnings[0] ?? null };
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    if (error.code === 'UNREACHABLE') throw unreachable(error);
    return { ...outcome, state: 'refused', message: error.message };
  } finally {
    release();
  }
};

const lockUnlessRunning = (paths: RunPaths): (() => void) | null => {
  try {
    return lockRun(paths);
  } catch (error) {
    if (error instanceof ExperimentError && error.code === 'USAGE') return null;
    throw error;
  }
};

const unreachable = (error: MlflowError): ExperimentError =>
  new ExperimentError(
    'NETWORK',
    `The MLflow server cannot be reached: ${error.message}.`,
    'Start it (`foldwise ui` starts one here), or correct MLFLOW_TRACKING_URI, and run ' +
      '`foldwise sync` again. Runs stay in runs/.',
  );
