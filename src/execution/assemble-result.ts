/** `result.json` from the finished folds' files: predictions in, every number out. */
import { existsSync } from 'node:fs';
import { knowNothing } from '../metrics/know-nothing.ts';
import { expandMetrics } from '../metrics/names.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { summarizeModel } from '../model/summarize-model.ts';
import type { ExperimentResult, FoldRecord, MetricValues } from '../result/experiment-result.ts';
import { evaluateFold, evaluatePooled, noEvaluation } from '../result/fold-evaluation.ts';
import { headlineTriple } from '../result/headline.ts';
import { readPredictions } from '../result/predictions-file.ts';
import type { RunPaths } from '../result/run-directory.ts';
import { poolPredictions, summarize } from '../result/summarize.ts';
import { scoreTwins } from '../result/twins.ts';
import { clustersKeptTogether } from '../split/clusters.ts';
import { deviationBound, keepsGroups, largestDeviation } from '../split/split.ts';
import { splitHash } from '../split/splits-file.ts';
import type { Baseline } from '../thresholds/baseline.ts';
import { judge } from '../thresholds/judge.ts';
import { describeEnvironment } from './environment.ts';
import type { PreparedExperiment, PrepareOptions } from './prepare.ts';
import type { FoldOutcome, TrainedFolds } from './train-folds.ts';
import { evaluateUnseen } from './unseen.ts';

export type RunCircumstances = {
  readonly started: Date;
  readonly seconds: number;
  readonly smoke: boolean;
  readonly interrupted: boolean;
  readonly variantConfigs?: PrepareOptions['variantConfigs'];
  /** What the run must not be worse than, where there is one. */
  readonly baseline?: Baseline | undefined;
  /** Directory whose git state is recorded. */
  readonly directory: string;
};

/**
 * Every single metric that a run computes: the listed ones, the three that open every report, and
 * those of the thresholds.
 */
export const metricNames = ({ config, dataset }: PreparedExperiment): readonly string[] =>
  expandMetrics(
    [
      ...config.metrics,
      ...headlineTriple,
      ...(config.thresholds ?? []).map(({ metric }) => metric),
    ],
    dataset.classes,
  );

export function assembleResult(
  prepared: PreparedExperiment,
  run: RunPaths,
  { outcomes, concurrency }: TrainedFolds,
  circumstances: RunCircumstances,
): ExperimentResult {
  const { config, folds } = prepared;
  const names = metricNames(prepared);
  const tested = outcomes.map((outcome) => testedFold(prepared, run, outcome, names));
  const records = tested.map(({ record }) => record);
  const pooled = poolPredictions(tested.flatMap(({ predictions }) => predictions ?? []));
  const sizes = folds.map(({ train, test }) => ({ train: train.length, test: test.length }));
  const summary = summarize(names, records, sizes, pooled, config.seed);
  const complete = records.every(({ status }) => status === 'completed');
  const { smoke } = circumstances;
  const completed = outcomes.flatMap((one) => (one.status === 'completed' ? one.finished : []));
  const counts = classCounts(prepared);
  const dataset = describeData(prepared, counts);
  const split = describeSplit(prepared);
  return {
    schema_version: 1,
    run_id: run.id,
    name: config.name,
    status: statusOf(records, circumstances.interrupted),
    started_at: circumstances.started.toISOString(),
    seconds: circumstances.seconds,
    // As it stands in config.yaml: plain data.
    config: JSON.parse(JSON.stringify(config)) as Record<string, unknown>,
    environment: describeEnvironment(
      completed[0]?.engine,
      concurrency.threads,
      circumstances.directory,
    ),
    dataset,
    split,
    model: {
      ...summarizeModel(prepared.graph),
      input_shape: prepared.graph.input,
      cached_features: completed[0]?.cachedFeatures ?? false,
    },
    selection: completed[0]?.selection ?? { rule: 'nothing was trained', monitor: null },
    folds: records,
    summary,
    pooled: complete && pooled ? evaluatePooled(pooled) : null,
    twins: complete ? twinsOf(prepared, tested) : undefined,
    know_nothing: knowNothingScores(names, counts, prepared),
    unseen: evaluateUnseen(prepared, run, records, names),
    lint: prepared.lint,
    thresholds: judge(
      { folds: records, summary, smoke, dataset, split },
      config.thresholds,
      circumstances.baseline,
    ),
    files: filesOf(run),
    smoke,
  };
}

function statusOf(folds: readonly FoldRecord[], interrupted: boolean): ExperimentResult['status'] {
  if (interrupted) return 'interrupted';
  const done = folds.every(({ status }) => status === 'completed' || status === 'missing');
  return done ? 'completed' : 'failed';
}

type TestedFold = {
  readonly record: FoldRecord;
  readonly predictions: Predictions | undefined;
};

function testedFold(
  { dataset }: PreparedExperiment,
  run: RunPaths,
  outcome: FoldOutcome,
  names: readonly string[],
): TestedFold {
  const { fold, partition, seed, status } = outcome;
  const identity = { fold: fold.fold, partition, repeat: fold.repeat, seed, status };
  if (status !== 'completed') {
    const reason = status === 'failed' ? outcome.reason : undefined;
    const nothing = { epochs_run: 0, best_epoch: null, seconds: 0, ...noEvaluation };
    return { record: { ...identity, reason, ...nothing }, predictions: undefined };
  }
  const { finished } = outcome;
  const { predictions: path } = run.fold(fold.fold);
  const predictions = readPredictions(path, dataset.classes, finished.loss);
  const record = {
    ...identity,
    epochs_run: finished.epochsRun,
    best_epoch: finished.bestEpoch,
    seconds: finished.seconds,
    ...evaluateFold(predictions, names),
  };
  return { record, predictions };
}

const twinsOf = ({ dataset, folds }: PreparedExperiment, tested: readonly TestedFold[]) =>
  scoreTwins(
    dataset.labels.length,
    dataset.duplicates,
    tested.flatMap(({ record, predictions }) => {
      const train = folds[record.partition]?.train;
      return predictions && train ? [{ predictions, train }] : [];
    }),
  );

export function classCounts({ dataset }: PreparedExperiment): number[] {
  const counts = dataset.classes.map(() => 0);
  for (const label of dataset.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

const named = (classes: readonly string[], counts: readonly number[]) =>
  classes.map((name, label) => ({ name, count: counts[label] ?? 0 }));

function describeData(
  { config, dataset }: PreparedExperiment,
  counts: readonly number[],
): ExperimentResult['dataset'] {
  const { height, width, channels } = dataset.images;
  const { identical, near, conflicting, dropped } = dataset.duplicates;
  const members = (clusters: readonly (readonly number[])[]) =>
    clusters.reduce((sum, cluster) => sum + cluster.length, 0);
  return {
    fingerprint: dataset.fingerprint,
    source_fingerprint: dataset.sourceFingerprint,
    samples: dataset.images.samples,
    image: { height, width, channels },
    classes: named(dataset.classes, counts),
    duplicates: {
      policy: config.dataset.duplicates,
      identical_clusters: identical.length,
      identical_samples: members(identical),
      near_clusters: near.length,
      near_samples: members(near),
      conflicting_clusters: conflicting.length,
      dropped,
    },
    synthetic: dataset.synthetic,
    notes: dataset.notes,
  };
}

export function describeSplit({
  config,
  dataset,
  folds,
}: PreparedExperiment): ExperimentResult['split'] {
  return {
    type: config.split.strategy.type,
    hash: splitHash(folds),
    largest_deviation: largestDeviation(folds, dataset.labels, dataset.classes.length),
    deviation_bound: deviationBound(
      config.split,
      dataset.labels.length,
      clustersKeptTogether(dataset.duplicates, config.dataset),
    ),
    grouped: keepsGroups(config.split),
    folds: folds.map(({ fold, train, validation, test }) => {
      const test_classes = dataset.classes.map(() => 0);
      for (const index of test) {
        const label = dataset.labels[index] ?? 0;
        test_classes[label] = (test_classes[label] ?? 0) + 1;
      }
      return {
        fold,
        train: train.length,
        validation: validation.length,
        test: test.length,
        test_classes,
      };
    }),
  };
}

function knowNothingScores(
  names: readonly string[],
  counts: readonly number[],
  { dataset }: PreparedExperiment,
): MetricValues {
  const shares = counts.map((count) => count / dataset.labels.length);
  return Object.fromEntries(
    names.map((name) => [name, knowNothing(name, shares, dataset.classes)]),
  );
}

/** What is there, relative to the run's directory. */
function filesOf(run: RunPaths): Record<string, string> {
  const files = {
    config: 'config.yaml',
    splits: 'splits.json',
    events: 'events.jsonl',
    report: 'report.html',
    summary: 'summary.md',
  };
  return existsSync(run.figures) ? { ...files, figures: 'figures' } : files;
}
