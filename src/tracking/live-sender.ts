/**
 * Sends a run to MLflow while it trains, from the journal. Training never waits for it and never
 * fails because of it: whatever goes wrong is one warning, and `foldwise sync` makes up for it.
 */
import { ExperimentError } from '../errors.ts';
import { runPaths } from '../result/run-directory.ts';
import { followJournal, type Journal } from './journal.ts';
import { besideTraining, createClient } from './mlflow/client.ts';
import { type RunToSend, sendRun } from './mlflow/send-run.ts';
import { createSender } from './mlflow/sender.ts';
import { uiAddress } from './mlflow/server.ts';
import { type Environment, type ServerSettings, serverSettings } from './mlflow/settings.ts';
import type { TrackingConfig } from './schema.ts';

export type SenderReport = {
  /** `off`: no server is named, or tracking is none. */
  readonly state: 'off' | 'sent' | 'incomplete';
  readonly server: string | null;
  /** The run's page in MLflow, once it is there. */
  readonly url: string | null;
  /** What the user should know or do; null when all went well. */
  readonly message: string | null;
};

export type LiveSender = {
  /** Something was added to the journal. Returns at once, never throws. */
  poke(): void;
  /**
   * Sends the rest, for at most `timeoutMs`; call it when result and report are written. Never
   * throws. Says in the report what is missing.
   */
  finish(timeoutMs: number): Promise<SenderReport>;
};

export type LiveSenderOptions = {
  readonly journal: Journal;
  /** Told once when the server cannot be reached or refuses. */
  readonly warn: (message: string) => void;
  readonly environment?: Environment;
  /** Between two sendings at least, milliseconds. */
  readonly interval?: number;
};

/** How long a server that failed is left alone, milliseconds: doubled each time up to the last. */
const pauses = { first: 5_000, last: 60_000 };

const notSent = 'Nothing is lost: `foldwise sync` sends the rest.';

export const createLiveSender = (
  runDirectory: string,
  config: TrackingConfig,
  options: LiveSenderOptions,
): LiveSender => {
  try {
    const uri = config === 'none' ? undefined : config.mlflow?.uri;
    const environment = options.environment ?? process.env;
    const settings = config === 'none' ? null : serverSettings(uri, environment);
    if (settings === null) return nowhere(null);
    return liveSender(runDirectory, settings, environment, options);
  } catch (error) {
    const message = error instanceof ExperimentError ? error.message : String(error);
    options.warn(`MLflow: ${message} ${notSent}`);
    return nowhere(message);
  }
};

const nowhere = (message: string | null): LiveSender => ({
  poke: () => undefined,
  finish: async () => ({ state: 'off', server: null, url: null, message }),
});

const liveSender = (
  runDirectory: string,
  settings: ServerSettings,
  environment: Environment,
  { journal, warn, interval = 1_000 }: LiveSenderOptions,
): LiveSender => {
  const paths = runPaths(runDirectory);
  const events = followJournal(paths.events);
  const given = new AbortController();
  const sender = createSender(createClient(settings, besideTraining, given.signal));
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> | undefined;
  let poked = false;
  let pause = 0;
  let url: string | null = null;
  let warned = false;
  let ended = false;

  /** What went wrong, or null. */
  const attempt = async (stage: RunToSend['stage']): Promise<string | null> => {
    try {
      const run = { paths, journal, environment, server: settings.uri, stage };
      const sent = await sendRun(sender, { ...run, events: events() });
      pause = 0;
      if (sent !== null) url = uiAddress(settings.uri, sent.experimentId, sent.runId);
      return sent?.warnings[0] ?? null;
    } catch (error) {
      pause = Math.min(pauses.last, pause === 0 ? pauses.first : pause * 2);
      // Nothing that is no Error is thrown below.
      return (error as Error).message;
    }
  };
  const schedule = () => {
    poked = false;
    timer = setTimeout(
      () => {
        timer = undefined;
        sending = attempt('going_on').then((problem) => {
          sending = undefined;
          if (problem !== null && !warned && !ended) {
            warned = true;
            warn(`MLflow: ${problem}. ${notSent}`);
          }
          if (poked && !ended) schedule();
        });
      },
      Math.max(interval, pause),
    );
  };
  return {
    poke: () => {
      poked = true;
      if (!ended && timer === undefined && sending === undefined) schedule();
    },
    finish: async (timeoutMs) => {
      ended = true;
      clearTimeout(timer);
      const limit = setTimeout(() => given.abort(), timeoutMs);
      await sending;
      const problem = await attempt('final');
      clearTimeout(limit);
      const message =
        problem === null ? null : `MLflow has not got everything: ${problem}. ${notSent}`;
      const state = problem === null ? 'sent' : 'incomplete';
      return { state, server: settings.uri, url, message };
    },
  };
};
