/** Finds what earlier senders made on a server, and makes what is not there yet. */
import { type MlflowClient, MlflowError } from './client.ts';
import { type RunDescription, uidTag } from './describe.ts';
import { endpoints, type KeyValue, type TrackedRun } from './endpoints.ts';

/** What the server has acknowledged of one run. */
export type Acknowledged = {
  readonly runId: string;
  readonly artifactUri: string;
  readonly foundTags: readonly KeyValue[];
  readonly deleted: boolean;
  params: number;
  metrics: number;
  tags: string;
  datasets: number;
  status: string;
  readonly files: Map<string, string>;
};

export type SenderState = {
  readonly client: MlflowClient;
  experiment?: { readonly name: string; readonly id: string };
  readonly runs: Map<string, Acknowledged>;
  readonly removed: Set<string>;
  readonly warnings: Set<string>;
};

/** The experiment's id; made when it is not there. Throws DELETED where somebody deleted it. */
export const experimentNamed = async (state: SenderState, name: string): Promise<string> => {
  if (state.experiment?.name === name) return state.experiment.id;
  const { client } = state;
  const find = () => client.call(endpoints.getExperimentByName, { experiment_name: name });
  let id: string;
  try {
    const { experiment } = await find();
    id = experiment.experiment_id;
    if (experiment.lifecycle_stage === 'deleted') {
      throw new MlflowError('DELETED', `the experiment "${name}" was deleted on ${client.server}`);
    }
  } catch (error) {
    if (codeOf(error) !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    id = await client.call(endpoints.createExperiment, { name }).then(
      (created) => created.experiment_id,
      async (refusal) => {
        // Somebody else made it in between.
        if (codeOf(refusal) !== 'RESOURCE_ALREADY_EXISTS') throw refusal;
        return (await find()).experiment.experiment_id;
      },
    );
  }
  state.experiment = { name, id };
  return id;
};

const codeOf = (error: unknown): string => (error instanceof MlflowError ? error.code : '');

export const findRun = async (
  client: MlflowClient,
  experimentId: string,
  uid: string,
): Promise<TrackedRun | undefined> => {
  const { runs } = await client.call(endpoints.searchRuns, {
    experiment_ids: [experimentId],
    filter: `tags.\`${uidTag}\` = '${uid}'`,
    max_results: 1,
    run_view_type: 'ALL',
  });
  return runs?.[0];
};

/** The run with our id: as remembered, as found on the server, or newly made. */
export const runFor = async (
  state: SenderState,
  experimentId: string,
  run: RunDescription,
  parentRunId: string | null,
): Promise<Acknowledged> => {
  const remembered = state.runs.get(run.uid);
  if (remembered !== undefined) return remembered;
  const { client } = state;
  const tags = [
    ...(parentRunId === null ? [] : [{ key: 'mlflow.parentRunId', value: parentRunId }]),
    { key: uidTag, value: run.uid },
  ];
  const found =
    (await findRun(client, experimentId, run.uid)) ??
    (
      await client.call(endpoints.createRun, {
        experiment_id: experimentId,
        run_name: run.name,
        start_time: run.startTime,
        tags,
      })
    ).run;
  const acknowledged: Acknowledged = {
    runId: found.info.run_id,
    artifactUri: found.info.artifact_uri,
    foundTags: found.data?.tags ?? [],
    deleted: found.info.lifecycle_stage === 'deleted',
    params: 0,
    metrics: 0,
    tags: '',
    datasets: 0,
    status: found.info.status,
    files: new Map(),
  };
  state.runs.set(run.uid, acknowledged);
  return acknowledged;
};
