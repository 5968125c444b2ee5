/** Sends what a server has not got yet of the runs on this disk. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExperimentError } from '../../errors.ts';
import { lockRun, type RunPaths, runPaths } from '../../result/run-directory.ts';
import { journalFile, openJournal, readJournal } from '../journal.ts';
import { textAt } from '../mapping.ts';
import { readConfig } from '../run-record.ts';
import { besideTraining, createClient, MlflowError, retryPolicy } from './client.ts';
import { endpoints } from './endpoints.ts';
import { sendRun } from './send-run.ts';
import { createSender } from './sender.ts';
import { uiAddress } from './server.ts';
import { type Environment, type ServerSettings, serverSettings } from './settings.ts';

export type SyncOutcome = {
  readonly run: string;
  /**
   * `running`: another process writes the run, and sends it if told to. `empty`: it never began.
   * `deleted`: somebody deleted it on the server. `off`: its config says `tracking: none`.
   */
  readonly state: 'sent' | 'up_to_date' | 'deleted' | 'running' | 'empty' | 'refused' | 'off';
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

/** What an experiment's own config says of its server. */
export type Target = ServerSettings | 'none' | null;

/**
 * Where a run belongs: its config's server, otherwise the environment's; `none` where the
 * experiment is not to be tracked, null where no server is named.
 */
export const targetOf = (paths: RunPaths, environment: Environment): Target => {
  const config = readConfig(paths);
  if (config.tracking === 'none') return 'none';
  return serverSettings(textAt(config, 'tracking', 'mlflow', 'uri'), environment);
};

/** Throws NETWORK unless the server answers now: what follows may then wait and try again. */
export const assertReachable = async (settings: ServerSettings): Promise<void> => {
  const client = createClient(settings, { ...besideTraining, jitter: 0 });
  try {
    await client.call(endpoints.searchExperiments, { max_results: 1 });
  } catch (error) {
    throw error instanceof MlflowError ? unreachable(error) : error;
  }
};

/**
 * Brings one run to a server. A run that another process is writing is left to it. What the
 * server refuses is told in the outcome; throws NETWORK where it does not answer at all.
 */
export const syncRun = async (
  paths: RunPaths,
  settings: ServerSettings,
  environment: Environment,
): Promise<SyncOutcome> => {
  const outcome = { run: paths.directory, url: null, message: null };
  const release = lockUnlessRunning(paths);
  if (release === null) return { ...outcome, state: 'running' };
  try {
    const sent = await sendRun(createSender(createClient(settings, retryPolicy(environment))), {
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

/**
 * Brings runs to their servers, one after the other, and tells of each that was sent. Throws
 * USAGE where no server is named for a run, NETWORK where one does not answer.
 */
export const syncRuns = async (
  runs: readonly RunPaths[],
  target: (paths: RunPaths) => Target,
  environment: Environment,
  say: (message: string) => void,
): Promise<readonly SyncOutcome[]> => {
  const reached = new Set<string>();
  const outcomes: SyncOutcome[] = [];
  for (const paths of runs) {
    const settings = target(paths);
    if (settings === null) throw noServer();
    if (settings === 'none') {
      outcomes.push({ run: paths.directory, state: 'off', url: null, message: null });
      continue;
    }
    if (!reached.has(settings.uri)) await assertReachable(settings);
    reached.add(settings.uri);
    const outcome = await syncRun(paths, settings, environment);
    if (shown[outcome.state] !== undefined) {
      const where = [outcome.url, outcome.message].filter((part) => part !== null).join('  ');
      say(`${shown[outcome.state]} ${paths.directory}  ${where}`);
    }
    outcomes.push(outcome);
  }
  return outcomes;
};

/** What is worth a line on the way. */
const shown: Readonly<Partial<Record<SyncOutcome['state'], string>>> = {
  sent: 'sent',
  running: 'still running:',
  refused: 'REFUSED:',
};

/** Milliseconds of the latest change of what is sent of a run. */
export const changedAt = ({ directory, events, result, report }: RunPaths): number =>
  Math.max(
    ...[directory, events, result, report].map(
      (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    ),
  );

const noServer = (): ExperimentError =>
  new ExperimentError(
    'USAGE',
    'No MLflow server is named.',
    'Set MLFLOW_TRACKING_URI or `tracking.mlflow.uri`, or let `foldwise ui` start a server here.',
  );
