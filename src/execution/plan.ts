/** What a run would do: folds, model, memory and time, without training. Loads no TensorFlow. */
import { availableParallelism } from 'node:os';
import { modelHooks } from '../config/check.ts';
import type { ExperimentConfig } from '../config/experiment.ts';
import { lintExperiment } from '../config/lint/record.ts';
import type { LoadedExperiment } from '../config/load.ts';
import { describeDataset, missingFiles } from '../dataset/describe.ts';
import { checkModel } from '../model/check-model.ts';
import type { ModelGraph } from '../model/graph.ts';
import { type ModelSummary, summarizeModel } from '../model/summarize-model.ts';
import type { LintFinding } from '../result/experiment-result.ts';
import { expectedFolds } from '../split/split.ts';
import { totalEpochs } from '../training/phases.ts';
import { precisionNote } from '../training/precision.ts';
import { classCounts, describeSplit } from './assemble-result.ts';
import { chooseConcurrency } from './concurrency.ts';
import { foldMemory, passSeconds, trainingSeconds } from './estimate.ts';
import { planFeatures } from './frozen-features.ts';
import { thisMachine } from './machine.ts';
import type { RunObserver } from './observer.ts';
import { prepareExperiment } from './prepare.ts';

type ClassCount = { readonly name: string; readonly count: number | null };

export type PlannedFold = {
  readonly fold: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly test_classes: readonly number[];
};

export type Plan = {
  readonly name: string;
  readonly dataset: {
    readonly samples: number | null;
    readonly classes: readonly ClassCount[] | null;
    readonly image: readonly (number | null)[] | null;
  };
  readonly split: {
    readonly type: string;
    readonly count: number | null;
    /** Empty while the data are not there. */
    readonly folds: readonly PlannedFold[];
  };
  readonly model: (ModelSummary & { readonly input_shape: readonly (number | null)[] }) | null;
  /** Frozen layers up to `after` are computed once and kept; null where nothing is. */
  readonly features: { readonly after: string; readonly bytes_per_image: number } | null;
  readonly execution: { readonly folds_at_once: number; readonly threads: number } | null;
  /** Estimates: per fold process beyond TensorFlow's libraries, and of the whole run on this CPU. */
  readonly memory_bytes: number | null;
  readonly seconds: number | null;
  readonly lint: readonly LintFinding[];
  /** What could not be told, and why. */
  readonly unknown: readonly string[];
};

export async function planExperiment(
  experiment: LoadedExperiment,
  observer: Pick<RunObserver, 'onStep' | 'onNote'>,
): Promise<Plan> {
  const { dataset, training, execution } = experiment.config;
  const note = precisionNote(training.precision, thisMachine(execution.device).gpus.length);
  if (note) observer.onNote(note);
  const absent = missingFiles(dataset);
  if (absent.length === 0) return planWithData(experiment, observer);
  return planWithoutData(
    experiment,
    absent.map(({ message }) => message),
  );
}

async function planWithData(
  experiment: LoadedExperiment,
  observer: Pick<RunObserver, 'onStep' | 'onNote'>,
): Promise<Plan> {
  const prepared = await prepareExperiment(experiment, observer);
  const { config, dataset, folds, graph } = prepared;
  const { height, width, channels } = dataset.images;
  const counts = classCounts(prepared);
  return {
    name: config.name,
    dataset: {
      samples: dataset.images.samples,
      classes: dataset.classes.map((name, label) => ({ name, count: counts[label] ?? 0 })),
      image: [height, width, channels],
    },
    split: {
      type: config.split.strategy.type,
      count: folds.length,
      folds: describeSplit(prepared).folds,
    },
    ...costs(
      config,
      graph,
      folds.length,
      folds.reduce((sum, { train }) => sum + train.length, 0),
    ),
    lint: prepared.lint,
    unknown: [],
  };
}

/** As much as the config alone tells: FER-2013's classes, shape and counts are known, for one. */
function planWithoutData(experiment: LoadedExperiment, absent: readonly string[]): Plan {
  const { config, error } = experiment;
  const { classes, image, samples, classCounts: counts } = describeDataset(config.dataset);
  const shape = image && [image.height, image.width, image.channels];
  const { graph, problems } = checkModel(
    config.model,
    { shape, classes: classes?.length },
    modelHooks,
  );
  if (problems.length > 0) throw error(problems);
  const count = expectedFolds(config.split);
  const trained =
    samples === undefined || count === null
      ? null
      : samples * (count - 1) * (1 - config.split.validation.fraction);
  return {
    name: config.name,
    dataset: {
      samples: samples ?? null,
      classes: classes?.map((name, label) => ({ name, count: counts?.[label] ?? null })) ?? null,
      image: shape ?? null,
    },
    split: { type: config.split.strategy.type, count, folds: [] },
    ...costs(config, graph, count, trained),
    lint: lintExperiment(experiment, {}).findings,
    unknown: [
      ...absent,
      'the sizes of the folds and what only the data tell (duplicates, lint) are not known yet',
      ...(graph ? [] : ['the shapes of the model: size or classes of the pictures are not known']),
    ],
  };
}

/** `trained`: samples that one epoch of every fold trains on, together. */
function costs(
  config: ExperimentConfig,
  graph: ModelGraph | undefined,
  folds: number | null,
  trained: number | null,
): Pick<Plan, 'model' | 'features' | 'execution' | 'memory_bytes' | 'seconds'> {
  const nothing = { model: null, features: null, execution: null };
  if (!graph) return { ...nothing, memory_bytes: null, seconds: null };
  const summary = summarizeModel(graph);
  const { execution, training } = config;
  const { foldsAtOnce, threads } = chooseConcurrency(
    execution,
    folds ?? 1,
    foldMemory(summary, training.batch_size),
    thisMachine(execution.device),
  );
  return {
    model: { ...summary, input_shape: graph.input },
    features: keptFeatures(config, graph),
    execution: { folds_at_once: foldsAtOnce, threads },
    memory_bytes: foldMemory(summary, training.batch_size),
    seconds: trained === null ? null : expectedSeconds(config, graph, folds ?? 1, trained),
  };
}

/** The part whose output is computed once, null where there is none. */
function keptFeatures(config: ExperimentConfig, graph: ModelGraph): Plan['features'] {
  const { frozen, featureCache } = planFeatures({ config, graph }, false, () => {});
  if (!frozen || !featureCache) return null;
  const values = frozen.head.input.reduce<number>((size, length) => size * (length ?? 1), 1);
  return { after: frozen.base.output, bytes_per_image: 4 * values };
}

/** Of the whole run; with kept features the frozen part sees each picture once. */
function expectedSeconds(
  config: ExperimentConfig,
  graph: ModelGraph,
  folds: number,
  trained: number,
): number {
  const { frozen, featureCache } = planFeatures({ config, graph }, false, () => {});
  const trains = frozen && featureCache ? frozen.head : graph;
  const epochs = totalEpochs(config.training);
  const cores = availableParallelism();
  const training = trainingSeconds(summarizeModel(trains), trained, epochs, cores);
  if (!frozen || !featureCache) return training;
  const pictures = trained / Math.max(1, folds - 1);
  return training + passSeconds(summarizeModel(frozen.base), pictures, cores);
}
