/** A real MLflow server for tests: installed through Foldwise's own code, shared by all runs. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMlflow } from '../../src/tracking/mlflow/install.ts';
import { type MlflowServer, startMlflowServer } from '../../src/tracking/mlflow/server.ts';

/** The first installation downloads some 500 MB; a start on a busy machine takes half a minute. */
export const patience = 900_000;

const say = (message: string) => process.stderr.write(`mlflow: ${message}\n`);

export type TestServer = MlflowServer & { readonly python: string; readonly directory: string };

/** A server with an empty database, or on the folder of one that was killed. */
export const testServer = async (
  directory = mkdtempSync(join(tmpdir(), 'foldwise-mlflow-')),
  port = 5600,
): Promise<TestServer> => {
  const python = await installMlflow(say);
  return { ...(await startMlflowServer({ python, directory, port })), python, directory };
};

/** Answers of the server that the client itself has no use for. */
export const get = async (uri: string, path: string, query: Record<string, string>) => {
  const response = await fetch(`${uri}/api/2.0/mlflow/${path}?${new URLSearchParams(query)}`);
  return response.json();
};

type StoredRun = { readonly data: { readonly metrics?: readonly { key: string }[] } };

/** The runs of an experiment as the API has them: much sooner than Python starts. */
export const storedRuns = async (
  uri: string,
  experiment_name: string,
): Promise<readonly StoredRun[]> => {
  // Shapes as documented for experiments/get-by-name and runs/search.
  const found = (await get(uri, 'experiments/get-by-name', { experiment_name })) as {
    experiment?: { experiment_id: string };
  };
  if (found.experiment === undefined) return [];
  const response = await fetch(`${uri}/api/2.0/mlflow/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ experiment_ids: [found.experiment.experiment_id] }),
  });
  return ((await response.json()) as { runs?: StoredRun[] }).runs ?? [];
};

export type Point = { key: string; value: number | string; timestamp: number; step: number };

/** Every stored point of a metric, in the order of steps. */
export const points = async (uri: string, runId: string, key: string): Promise<Point[]> => {
  // Tests hold the shape against what they sent.
  const answer = (await get(uri, 'metrics/get-history', {
    run_id: runId,
    metric_key: key,
    max_results: '5000',
  })) as { metrics?: Point[] };
  return (answer.metrics ?? []).sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
};
