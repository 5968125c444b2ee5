/** Everything that can be known and refused before a model is trained. Loads no TensorFlow. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { modelHooks } from '../config/check.ts';
import type { ExperimentConfig } from '../config/experiment.ts';
import type { ConfigFacts } from '../config/lint/define.ts';
import { type LintRecord, lintExperiment } from '../config/lint/record.ts';
import type { LoadedExperiment } from '../config/load.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { loadDataset, loadUnseen } from '../dataset/load.ts';
import { openImages } from '../dataset/open-images.ts';
import {
  hasPixelSteps,
  needsStatistics,
  type PixelTransform,
  pixelStatistics,
  pixelTransform,
} from '../dataset/pixel-transform.ts';
import { preprocessingOf } from '../model/backbones/preprocessing.ts';
import { checkModel } from '../model/check-model.ts';
import type { ModelGraph } from '../model/graph.ts';
import type { LintFinding } from '../result/experiment-result.ts';
import { clustersKeptTogether } from '../split/clusters.ts';
import type { Fold } from '../split/fold.ts';
import { splitFolds } from '../split/split.ts';
import type { RunObserver } from './observer.ts';

export type PreparedExperiment = {
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  readonly graph: ModelGraph;
  readonly unseen: Readonly<Record<string, Dataset>>;
  /** What lint says of config and data; errors have been refused. */
  readonly lint: readonly LintFinding[];
};

/** Of a study: what all its variants are, for the rules that compare them. */
export type PrepareOptions = Pick<ConfigFacts, 'variantConfigs'>;

/** Where datasets, features and engines are kept between runs: XDG's cache directory. */
export const cacheDirectory = () =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'foldwise');

export async function prepareExperiment(
  experiment: LoadedExperiment,
  observer: Pick<RunObserver, 'onStep' | 'onNote'>,
  { variantConfigs }: PrepareOptions = {},
): Promise<PreparedExperiment> {
  const { config } = experiment;
  const options = {
    seed: config.seed,
    cacheDirectory: cacheDirectory(),
    onProgress: (done: number, total: number, what: string) => observer.onStep(what, done, total),
  };
  const dataset = await loadDataset(config.dataset, options);
  for (const note of dataset.notes) observer.onNote(note);
  // What would make the split impossible is said at its line.
  refuse(experiment, lintExperiment(experiment, { dataset, folds: [] }));
  const folds = splitFolds(
    config.split,
    { ...dataset, clusters: clustersKeptTogether(dataset.duplicates, config.dataset) },
    config.seed,
  );
  const lint = lintExperiment(experiment, { dataset, folds, variantConfigs });
  refuse(experiment, lint);
  const { height, width, channels } = dataset.images;
  const { graph, problems } = checkModel(
    config.model,
    { shape: [height, width, channels], classes: dataset.classes.length },
    modelHooks,
  );
  if (!graph) throw experiment.error(problems);
  const unseen: Record<string, Dataset> = {};
  for (const name of Object.keys(config.dataset.unseen ?? {}))
    unseen[name] = await loadUnseen(config.dataset, name, dataset, options);
  return { config, dataset, folds, graph, unseen, lint: lint.findings };
}

function refuse(experiment: LoadedExperiment, { errors }: LintRecord): void {
  if (errors.length > 0) throw experiment.error(errors);
}

/**
 * The pixel transform of a fold: what the backbone was trained on, or the dataset's own steps,
 * whose statistics come from the fold's train part alone.
 */
export function transformOf({ config, dataset }: PreparedExperiment, fold: Fold): PixelTransform {
  const { backbone } = config.model;
  if (backbone && !hasPixelSteps(config.dataset))
    return preprocessingOf(backbone, dataset.images.channels);
  if (!needsStatistics(config.dataset))
    return pixelTransform(config.dataset, dataset.images.channels, undefined);
  const reader = openImages(dataset.images);
  try {
    const statistics = pixelStatistics(reader, fold.train);
    return pixelTransform(config.dataset, dataset.images.channels, statistics);
  } finally {
    reader.close();
  }
}
