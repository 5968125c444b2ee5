/** What Python sees of an experiment on a server, as data teams would read it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestServer } from './server.ts';

/** A row of `mlflow.search_runs`, with the paths of its artifacts and the tags of its datasets. */
export type FoundRun = Record<string, unknown>;

const script = `
import json, sys, mlflow
mlflow.set_tracking_uri(sys.argv[1])
runs = mlflow.search_runs(experiment_names=[sys.argv[2]])
client = mlflow.MlflowClient()
runs["artifacts"] = [[f.path for f in client.list_artifacts(i)] for i in runs["run_id"]]
runs["inputs"] = [
    sorted([t.value for i in client.get_run(r).inputs.dataset_inputs for t in i.tags])
    for r in runs["run_id"]
]
print(runs.to_json(orient="records", double_precision=15))`;

export const searchRuns = async (server: TestServer, experiment: string): Promise<FoundRun[]> => {
  const python = promisify(execFile);
  const { stdout } = await python(server.python, ['-c', script, server.uri, experiment]);
  // The columns depend on the runs; tests look at those that they expect.
  return JSON.parse(stdout) as FoundRun[];
};

/** The runs of the folds, in their order. */
export const childrenOf = (runs: FoundRun[], parent: FoundRun | undefined) =>
  runs
    .filter((run) => run['tags.mlflow.parentRunId'] === parent?.run_id)
    .sort((a, b) => `${a['params.fold']}`.localeCompare(`${b['params.fold']}`));

export const parentOf = (runs: FoundRun[]) =>
  runs.filter((run) => run['tags.mlflow.parentRunId'] === null)[0];
