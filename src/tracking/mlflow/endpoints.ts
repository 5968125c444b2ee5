/** The part of MLflow's REST API that we use: one entry per endpoint. */

/** `Request` and `Response` exist for the type checker alone. */
export type Endpoint<Request, Response> = {
  readonly method: 'GET' | 'POST';
  /** Below `/api/2.0/mlflow/`. */
  readonly path: string;
  readonly types?: readonly [Request, Response];
};

export type KeyValue = { readonly key: string; readonly value: string };

export type MetricPoint = {
  readonly key: string;
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity';
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly step: number;
};

export type TrackedStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

export type DatasetInput = {
  readonly tags: readonly KeyValue[];
  readonly dataset: {
    readonly name: string;
    /** At most 36 characters. */
    readonly digest: string;
    readonly source_type: string;
    readonly source: string;
    readonly schema: string;
    readonly profile: string;
  };
};

type Experiment = { readonly experiment_id: string; readonly lifecycle_stage: string };

/** Empty lists are absent from the server's answers. */
export type TrackedRun = {
  readonly info: {
    readonly run_id: string;
    readonly artifact_uri: string;
    readonly status: string;
    readonly lifecycle_stage: 'active' | 'deleted';
  };
  readonly data?: { readonly tags?: readonly KeyValue[] };
};

const endpoint = <Request, Response>(
  method: 'GET' | 'POST',
  path: string,
): Endpoint<Request, Response> => ({ method, path });

export const endpoints = {
  searchExperiments: endpoint<{ max_results: number }, { experiments?: readonly Experiment[] }>(
    'POST',
    'experiments/search',
  ),
  getExperimentByName: endpoint<{ experiment_name: string }, { experiment: Experiment }>(
    'GET',
    'experiments/get-by-name',
  ),
  createExperiment: endpoint<{ name: string }, { experiment_id: string }>(
    'POST',
    'experiments/create',
  ),
  searchRuns: endpoint<
    {
      experiment_ids: readonly string[];
      filter: string;
      max_results: number;
      run_view_type: 'ALL';
    },
    { runs?: readonly TrackedRun[] }
  >('POST', 'runs/search'),
  createRun: endpoint<
    { experiment_id: string; run_name: string; start_time: number; tags: readonly KeyValue[] },
    { run: TrackedRun }
  >('POST', 'runs/create'),
  updateRun: endpoint<{ run_id: string; status: TrackedStatus; end_time?: number }, object>(
    'POST',
    'runs/update',
  ),
  deleteRun: endpoint<{ run_id: string }, object>('POST', 'runs/delete'),
  logBatch: endpoint<
    {
      run_id: string;
      metrics?: readonly MetricPoint[];
      params?: readonly KeyValue[];
      tags?: readonly KeyValue[];
    },
    object
  >('POST', 'runs/log-batch'),
  logInputs: endpoint<{ run_id: string; datasets: readonly DatasetInput[] }, object>(
    'POST',
    'runs/log-inputs',
  ),
} as const;
