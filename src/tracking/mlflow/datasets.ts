/** Dataset inputs: what MLflow shows as "digits-train (00c8d12b) Training". */
import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { textAt } from '../mapping.ts';
import type { RunRecord } from '../run-record.ts';
import type { DatasetInput } from './endpoints.ts';
import { text } from './values.ts';

/** The whole dataset, on the parent. */
export const datasetOfRun = (record: RunRecord): readonly DatasetInput[] => {
  const { result } = record;
  if (result === null) return [];
  const { samples, fingerprint } = result.dataset;
  return [datasetInput(record, result, 'all', 'cross-validation', samples, fingerprint)];
};

/**
 * The three parts of a fold. MLflow shares a dataset among all runs of an experiment by name and
 * digest, and the first one written wins, so every part of every fold has a digest of its own.
 */
export const datasetsOfFold = (record: RunRecord, fold: number): readonly DatasetInput[] => {
  const { result } = record;
  const partition = result?.folds.find((other) => other.fold === fold)?.partition;
  const sizes = result?.split.folds.find((part) => part.fold === partition);
  if (result === null || sizes === undefined) return [];
  const roles = { train: 'training', validation: 'validation', test: 'testing' } as const;
  return (['train', 'validation', 'test'] as const)
    .filter((role) => sizes[role] > 0)
    .map((role) => {
      const identity = [result.dataset.fingerprint, result.split.hash, partition, role].join(' ');
      return datasetInput(record, result, role, roles[role], sizes[role], identity);
    });
};

const datasetInput = (
  { config }: RunRecord,
  { dataset }: ExperimentResult,
  part: string,
  context: string,
  samples: number,
  identity: string,
): DatasetInput => {
  const path = textAt(config, 'dataset', 'source', 'path');
  const type = textAt(config, 'dataset', 'source', 'type') ?? 'dataset';
  const name = path === undefined ? type : basename(path, extname(path));
  const { height, width, channels } = dataset.image;
  return {
    tags: [{ key: 'mlflow.data.context', value: context }],
    dataset: {
      name: text(`${name}-${part}`, 500),
      // As long as MLflow's own digests are.
      digest: createHash('sha256').update(identity).digest('hex').slice(0, 8),
      source_type: path === undefined ? 'code' : 'local',
      source: JSON.stringify({ uri: path ?? type }),
      schema: tensorSchema([height, width, channels]),
      profile: JSON.stringify({
        features_shape: [samples, height, width, channels],
        targets_shape: [samples],
      }),
    },
  };
};

/** MLflow's own form: tensor specs as JSON inside of JSON. */
const tensorSchema = (image: readonly number[]): string => {
  const tensor = (dtype: string, shape: readonly number[]) =>
    JSON.stringify([{ type: 'tensor', 'tensor-spec': { dtype, shape } }]);
  return JSON.stringify({
    mlflow_tensorspec: {
      features: tensor('uint8', [-1, ...image]),
      targets: tensor('int32', [-1]),
    },
  });
};
