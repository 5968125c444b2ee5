import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerSettings } from '../tracking/mlflow/settings.ts';
import { defineVerb } from './define.ts';
import { runsDirectory } from './runs-directory.ts';
import { print, say } from './terminal.ts';

/** Where the server keeps its database and artifacts. */
const directory = 'mlruns';

export const ui = defineVerb({
  name: 'ui',
  summary: 'start (first time: install) a local MLflow server with all runs',
  arguments: '',
  flags: {
    port: {
      type: 'integer',
      value: 'PORT',
      description: 'the first port to try; 5000 if left out',
    },
  },
  async run({ flags }) {
    const { runningMlflowServer, uiAddress } = await import('../tracking/mlflow/server.ts');
    const running = await runningMlflowServer(directory);
    if (running !== null) {
      await sendAll({ uri: running.uri, headers: {} });
      say(
        `Process ${running.pid} has been running the server all along; \`kill ${running.pid}\` ends it.`,
      );
      print(uiAddress(running.uri));
      return 0;
    }
    const interrupt = new AbortController();
    const stop = () => interrupt.abort();
    process.on('SIGINT', stop).on('SIGTERM', stop);
    try {
      await serve(flags.port ?? 5000, interrupt.signal);
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
    return 0;
  },
});

/** Until Ctrl-C, or until the server ends by itself. */
const serve = async (port: number, signal: AbortSignal): Promise<void> => {
  const { installMlflow } = await import('../tracking/mlflow/install.ts');
  const { serverEnded, startMlflowServer, uiAddress } = await import(
    '../tracking/mlflow/server.ts'
  );
  const python = await installMlflow(say, signal);
  const server = await startMlflowServer({ python, directory, port, signal, progress: say });
  try {
    const settings = { uri: server.uri, headers: {} };
    await sendAll(settings);
    print(uiAddress(server.uri));
    say('Runs that end from now on are sent too. Ctrl-C stops the server; the runs stay.');
    const ended = server.exited.then(() => 'ended' as const);
    while (!signal.aborted) {
      const pause = sleep(5_000, 'pause' as const, { signal }).catch(() => 'pause' as const);
      if ((await Promise.race([ended, pause])) === 'ended') throw serverEnded(directory);
      if (!signal.aborted) await sendAll(settings);
    }
  } finally {
    await server.stop();
  }
};

/** Of a run, what was sent already is remembered by the time of its last change. */
const sentAt = new Map<string, number>();

const sendAll = async (settings: ServerSettings): Promise<void> => {
  const { changedAt, runsBelow, syncRuns, targetOf } = await import('../tracking/mlflow/sync.ts');
  const changed = runsBelow(runsDirectory()).filter(
    (paths) => sentAt.get(paths.directory) !== changedAt(paths),
  );
  const target = (paths: (typeof changed)[number]) =>
    targetOf(paths, {}) === 'none' ? 'none' : settings;
  await syncRuns(changed, target, process.env, say);
  for (const paths of changed) sentAt.set(paths.directory, changedAt(paths));
};
