/** One run's directory to one server, with the note in its journal of where it is. */
import type { RunPaths } from '../../result/run-directory.ts';
import type { RunEvent } from '../events.ts';
import type { Journal } from '../journal.ts';
import { readRunRecord } from '../run-record.ts';
import { describeRun } from './describe.ts';
import type { Sender, SentRun } from './sender.ts';
import type { Environment } from './settings.ts';

export type RunToSend = {
  readonly paths: RunPaths;
  readonly events: readonly RunEvent[];
  readonly journal: Journal;
  /** Address of the server, fit to be shown. */
  readonly server: string;
  readonly environment: Environment;
  /** `going_on`: more will follow. `final`: result and report are written, or never will be. */
  readonly stage: 'going_on' | 'final';
};

/** null while the run has not written its first event. Throws MlflowError. */
export const sendRun = async (sender: Sender, run: RunToSend): Promise<SentRun | null> => {
  const { paths, events, journal, server, environment } = run;
  const record = readRunRecord(paths, events);
  if (record === null) return null;
  const final = run.stage === 'final';
  const known = events.findLast((event) => event.kind === 'tracked' && event.server === server);
  const before = known?.kind === 'tracked' ? known : undefined;
  const description = describeRun(
    record,
    !final,
    before?.experiment ?? environment.MLFLOW_EXPERIMENT_NAME,
  );
  const sent = await sender.send(description, final);
  const complete = final && sent.state !== 'deleted';
  if (before?.run_id !== sent.runId || before.complete !== complete) {
    journal.append({
      kind: 'tracked',
      server,
      experiment: description.experiment,
      experiment_id: sent.experimentId,
      run_id: sent.runId,
      complete,
    });
  }
  return sent;
};
