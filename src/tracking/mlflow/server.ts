/** A local MLflow server: SQLite and artifacts in one folder, one worker, on 127.0.0.1 only. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExperimentError } from '../../errors.ts';
import { isAlive } from '../../result/is-alive.ts';
import { createClient } from './client.ts';
import { endpoints } from './endpoints.ts';
import { interrupted, type Progress } from './install.ts';

export type MlflowServer = {
  readonly uri: string;
  readonly pid: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>;
};

export type ServerOptions = {
  /** Python of the environment that has MLflow: see installMlflow. */
  readonly python: string;
  /** Holds the database, the artifacts and the server's log. */
  readonly directory: string;
  /** The first port to try; the next free one is taken. MLflow's own default is 5000. */
  readonly port?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
};

const stateFile = 'server.json';

/** Seconds until we give up: a first start makes the database, on a slow disk within a minute. */
const patience = 180;

/** Starts a server and waits until its API answers. Throws SETUP when it ends before that. */
export const startMlflowServer = async (options: ServerOptions): Promise<MlflowServer> => {
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true });
  const port = await freePort(options.port ?? 5000);
  const log = openSync(join(directory, 'server.log'), 'w');
  const child = spawn(options.python, serverArguments(directory, port), {
    cwd: directory,
    // A group of its own: Ctrl-C in the terminal reaches us, and we end the server in order.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    },
  });
  closeSync(log);
  // Without a process number there is no process; that is told below.
  child.once('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) throw failed('Python could not be started', directory);
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done());
  });
  const stop = () => stopGroup(pid, exited, directory);
  const uri = `http://127.0.0.1:${port}`;
  try {
    await untilAnswering(uri, child, { ...options, directory });
  } catch (error) {
    await stop();
    throw error;
  }
  writeFileSync(join(directory, stateFile), JSON.stringify({ uri, pid }));
  return { uri, pid, exited, stop };
};

/** The server that another process keeps running on this folder, if it answers. */
export const runningMlflowServer = async (
  directory: string,
): Promise<{ uri: string; pid: number } | null> => {
  try {
    const state: unknown = JSON.parse(readFileSync(join(directory, stateFile), 'utf8'));
    if (typeof state !== 'object' || state === null) return null;
    const { uri, pid } = state as { uri?: unknown; pid?: unknown }; // checked in the next line
    if (typeof uri !== 'string' || typeof pid !== 'number' || !isAlive(pid)) return null;
    return (await answers(uri)) ? { uri, pid } : null;
  } catch {
    return null;
  }
};

/** The page that shows runs as tables and curves; MLflow opens on its page for chats otherwise. */
export const uiAddress = (uri: string, experimentId?: string, runId?: string): string => {
  const experiment = experimentId === undefined ? '' : `/${experimentId}`;
  const run = runId === undefined ? '' : `/runs/${runId}`;
  return `${uri}/#/experiments${experiment}${run}?workflowType=machine_learning`;
};

const serverArguments = (directory: string, port: number): readonly string[] => [
  '-m',
  'mlflow',
  'server',
  '--host',
  '127.0.0.1',
  '--port',
  `${port}`,
  // More workers would cost 0.4 GB each, and 40 ms per call on kept-alive connections.
  '--workers',
  '1',
  '--backend-store-uri',
  `sqlite:///${join(directory, 'mlflow.db')}`,
  '--artifacts-destination',
  join(directory, 'artifacts'),
];

const freePort = async (from: number): Promise<number> => {
  for (let port = from; port < from + 100; port++) if (await isFree(port)) return port;
  throw new ExperimentError(
    'SETUP',
    `The ports ${from} to ${from + 99} are all in use.`,
    undefined,
  );
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });

const answers = async (uri: string): Promise<boolean> => {
  const once = { retries: 0, backoff: 0, jitter: 0, timeoutSeconds: 5 };
  const client = createClient({ uri, headers: {} }, once);
  return client.call(endpoints.searchExperiments, { max_results: 1 }).then(
    () => true,
    () => false,
  );
};

const untilAnswering = async (
  uri: string,
  child: { readonly exitCode: number | null; readonly signalCode: string | null },
  { directory, progress, signal }: ServerOptions,
): Promise<void> => {
  const start = Date.now();
  for (;;) {
    if (signal?.aborted) throw interrupted();
    if (child.exitCode !== null || child.signalCode !== null) {
      throw failed('The MLflow server ended while starting', directory);
    }
    if (await answers(uri)) return;
    const seconds = Math.round((Date.now() - start) / 1000);
    if (seconds > patience) throw failed(`No answer after ${patience} s`, directory);
    progress?.(`starting the MLflow server (${seconds} s)`);
    await sleep(500);
  }
};

/** For whoever keeps a server running. */
export const serverEnded = (directory: string): ExperimentError =>
  failed('The MLflow server ended', directory);

const failed = (what: string, directory: string): ExperimentError => {
  const log = join(directory, 'server.log');
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-8).join('\n');
  return new ExperimentError('SETUP', `${what}.\n${lines}`, `All of its output is in ${log}.`);
};

const stopGroup = async (pid: number, exited: Promise<void>, directory: string): Promise<void> => {
  signalGroup(pid, 'SIGTERM');
  const gone = await Promise.race([exited.then(() => true), sleep(10_000, false, { ref: false })]);
  if (!gone) signalGroup(pid, 'SIGKILL');
  await exited;
  // The process that listens is a child of the one that we started.
  signalGroup(pid, 'SIGKILL');
  rmSync(join(directory, stateFile), { force: true });
};

/** Ends the server and the worker that it started; nothing when they are gone. */
const signalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
};
