/**
 * The parent's side of one fold's process: start it, talk to it, notice its death. A process for
 * each fold keeps memory apart, lets a fold die alone, and leaves the parent's timers and signals
 * alive while TensorFlow computes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { entryPoint, runsFromSource } from '../installation.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const needsLoader = runsFromSource && !process.features.typescript;
const execArgv = needsLoader ? ['--import', 'tsx'] : [];

export type FoldFailure = {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** A fold that could not be trained; its siblings go on. */
export class FoldFailed extends Error {
  override readonly name = 'FoldFailed';
  readonly failure: FoldFailure;

  constructor(failure: FoldFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export type FoldProcess = {
  send(message: ToWorker): void;
  /** The next message of a kind; others go to the listener. Rejects with FoldFailed. */
  next<Kind extends FromWorker['kind']>(kind: Kind): Promise<FromWorker & { kind: Kind }>;
  /** Ends the process: politely, then after five seconds with SIGKILL. */
  close(): Promise<void>;
  kill(): void;
};

export function startFoldProcess(
  environment: NodeJS.ProcessEnv,
  listener: (message: FromWorker) => void,
): FoldProcess {
  const child = fork(entryPoint('execution/worker'), {
    execArgv,
    serialization: 'advanced',
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const complaints = lastLines(child);
  let waiting: { kind: string; resolve(message: FromWorker): void } | undefined;
  let reject: (error: FoldFailed) => void = () => {};
  let failure: FoldFailed | undefined;
  const fail = (cause: FoldFailure) => {
    failure ??= new FoldFailed(cause);
    reject(failure);
  };
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'failed') fail(message);
    else if (waiting?.kind === message.kind) waiting.resolve(message);
    else listener(message);
  });
  const exited = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      fail(causeOfDeath(code, signal, complaints()));
      resolve();
    });
  });
  child.on('error', (error) => fail({ code: 'ENGINE', message: error.message }));
  return {
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    next: <Kind extends FromWorker['kind']>(kind: Kind) =>
      new Promise<FromWorker & { kind: Kind }>((resolve, rejectNext) => {
        if (failure) return rejectNext(failure);
        reject = rejectNext;
        waiting = {
          kind,
          resolve: (message) => {
            waiting = undefined;
            // The handler above compares the kinds.
            resolve(message as FromWorker & { kind: Kind });
          },
        };
      }),
    close: async () => {
      if (child.connected) child.send({ kind: 'close' } satisfies ToWorker, () => {});
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Keeps the end of what the process wrote to stderr: TensorFlow says there why it died. */
function lastLines(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-4000);
  });
  return () => tail.trim();
}

function causeOfDeath(
  code: number | null,
  signal: NodeJS.Signals | null,
  complaints: string,
): FoldFailure {
  const detail = complaints === '' ? '' : `\n${complaints}`;
  if (signal === 'SIGKILL')
    return {
      code: 'MEMORY',
      message: `its process was killed (SIGKILL), most likely because memory ran out${detail}`,
      hint: 'Use a smaller batch_size or --folds-at-once 1, then go on with --resume.',
    };
  const how = signal
    ? `by signal ${signal} (${constants.signals[signal]})`
    : `with exit code ${code}`;
  return { code: 'ENGINE', message: `its process ended ${how}${detail}` };
}
