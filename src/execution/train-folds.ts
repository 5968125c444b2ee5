/** All folds of a run: those that are finished are kept, the others train side by side. */
import { existsSync, readFileSync } from 'node:fs';
import { ExperimentError } from '../errors.ts';
import { summarizeModel } from '../model/summarize-model.ts';
import type { RunPaths } from '../result/run-directory.ts';
import type { Fold } from '../split/fold.ts';
import { precisionNote } from '../training/precision.ts';
import { type Concurrency, chooseConcurrency } from './concurrency.ts';
import { foldMemory } from './estimate.ts';
import { FoldFailed } from './fold-process.ts';
import { type FrozenFeatures, planFeatures } from './frozen-features.ts';
import { thisMachine } from './machine.ts';
import type { RunObserver } from './observer.ts';
import { runPool, type Settled } from './pool.ts';
import { type PreparedExperiment, transformOf } from './prepare.ts';
import type { LabelledIndices } from './protocol.ts';
import { deriveSeed } from './seeds.ts';
import { type FinishedFold, trainFoldRemotely } from './train-fold-remotely.ts';

/** One training: a fold of the split with a number and a seed of its own. */
export type FoldJob = {
  readonly fold: Fold;
  /** Position of the fold in the split. */
  readonly partition: number;
  readonly seed: number;
};

export type FoldOutcome = FoldJob &
  (
    | { readonly status: 'completed'; readonly finished: FinishedFold }
    | { readonly status: 'failed'; readonly code: string; readonly reason: string }
    | { readonly status: 'interrupted' | 'missing' }
  );

export type TrainFoldsOptions = {
  readonly folds: readonly Fold[];
  readonly smoke: boolean;
  readonly device: 'cpu' | 'gpu' | 'auto';
  readonly foldsAtOnce?: number | undefined;
  readonly signal: AbortSignal;
  readonly monitors: readonly string[];
  /** File of the weights that every fold starts from; null when they are random. */
  readonly weights: string | null;
};

export type TrainedFolds = {
  readonly outcomes: readonly FoldOutcome[];
  readonly concurrency: Concurrency;
};

/** Batches of the test part in a smoke run. */
const smokeBatches = 2;

export async function trainFolds(
  prepared: PreparedExperiment,
  run: RunPaths,
  options: TrainFoldsOptions,
  observer: RunObserver,
): Promise<TrainedFolds> {
  const all = foldJobs(prepared);
  const kept = new Map(
    all.flatMap((job): [FoldJob, FinishedFold][] => {
      const finished = readFinished(run, job.fold);
      return finished ? [[job, finished]] : [];
    }),
  );
  const partitions = new Set(options.folds.map(({ fold }) => fold));
  const isWanted = ({ partition }: FoldJob) => partitions.has(partition);
  const jobs = all.filter((job) => isWanted(job) && !kept.has(job));
  const execution = options.foldsAtOnce
    ? { ...prepared.config.execution, folds_at_once: options.foldsAtOnce }
    : prepared.config.execution;
  const memory = foldMemory(summarizeModel(prepared.graph), prepared.config.training.batch_size);
  const machine = thisMachine(options.device);
  const note = precisionNote(prepared.config.training.precision, machine.gpus.length);
  if (note) observer.onNote(note);
  const concurrency = chooseConcurrency(execution, jobs.length, memory, machine);
  const features = planFeatures(prepared, options.smoke, (message) => observer.onNote(message));
  const { threads, gpus } = concurrency;
  const trainOne = foldTrainer(prepared, run, options, { features, threads, gpus }, observer);
  const settled = await runPool(
    jobs,
    concurrency.foldsAtOnce,
    trainOne,
    () => options.signal.aborted,
  );
  const bySettled = new Map(jobs.map((job, i) => [job, settled[i]]));
  const outcomes = all.map((job): FoldOutcome => {
    const finished = kept.get(job);
    if (finished) return { ...job, status: 'completed', finished };
    if (!isWanted(job)) return { ...job, status: 'missing' };
    return { ...job, ...outcomeOf(bySettled.get(job)) };
  });
  return { outcomes, concurrency };
}

/** Every fold of the split once for each of the experiment's `seeds`, numbered through. */
export const foldJobs = ({ config, folds }: PreparedExperiment): FoldJob[] =>
  Array.from({ length: config.seeds }, (_, round) =>
    folds.map((fold, partition) => {
      const number = round * folds.length + partition;
      return {
        fold: { ...fold, fold: number },
        partition,
        seed: deriveSeed(config.seed, 'fold', number),
      };
    }),
  ).flat();

function readFinished(run: RunPaths, { fold }: Fold): FinishedFold | undefined {
  const { record } = run.fold(fold);
  // Written by this program, whole or not at all.
  return existsSync(record)
    ? (JSON.parse(readFileSync(record, 'utf8')) as FinishedFold)
    : undefined;
}

/** What every fold of a run computes with. */
type FoldMeans = {
  readonly threads: number;
  readonly features: FrozenFeatures;
  /** Of each place that a fold may run in; absent where folds see what this process sees. */
  readonly gpus?: readonly string[];
};

/** Trains one fold and tells the observer how it went; null when it was interrupted. */
function foldTrainer(
  prepared: PreparedExperiment,
  run: RunPaths,
  options: TrainFoldsOptions,
  means: FoldMeans,
  observer: RunObserver,
): (job: FoldJob, place: number) => Promise<FinishedFold | null> {
  const { dataset, unseen } = prepared;
  const pictures = Object.entries(unseen).map(([name, { images, fingerprint, labels }]) => ({
    name,
    images,
    fingerprint,
    labels,
  }));
  let announced = false;
  const onFeatures = (done: number, total: number) => {
    const what = 'computing the features of the frozen layers, once for all epochs';
    if (!announced && done < total) observer.onStep(what);
    announced = true;
    observer.onStep(what, done, total);
  };
  return async (job, place) => {
    const { fold } = job;
    const number = fold.fold;
    observer.onFoldStarted(number);
    const remote = trainFoldRemotely(
      assignmentOf(prepared, run, job, options, means),
      labelled(dataset.labels, testPart(prepared, fold, options.smoke)),
      pictures,
      { paths: run.fold(number), gpu: means.gpus?.[place] },
      {
        onEpoch: (record) => observer.onEpoch(number, record),
        onBatch: (epoch, batch, batches) => observer.onBatch(number, epoch, batch, batches),
        onNote: (message) => observer.onNote(message),
        onFeatures,
      },
    );
    const interrupt = () => remote.interrupt();
    options.signal.addEventListener('abort', interrupt);
    try {
      const finished = await remote.finished;
      observer.onFoldEnded(number, finished ? 'completed' : 'interrupted');
      return finished;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      observer.onFoldEnded(number, 'failed', firstLine(reason));
      throw error;
    } finally {
      options.signal.removeEventListener('abort', interrupt);
    }
  };
}

/** What a fold's process gets to know before it has trained: nothing of the test part. */
export function assignmentOf(
  prepared: PreparedExperiment,
  run: RunPaths,
  { fold, seed }: FoldJob,
  { smoke, device, monitors, weights }: TrainFoldsOptions,
  { threads, features }: FoldMeans,
) {
  const { config, dataset, graph } = prepared;
  const { fold: number, repeat, train, validation } = fold;
  const paths = run.fold(number);
  return {
    // Named one by one: the test part must not come along.
    fold: { fold: number, repeat, train, validation },
    trainLabels: labelled(dataset.labels, train).labels,
    validationLabels: labelled(dataset.labels, validation).labels,
    images: dataset.images,
    fingerprint: dataset.fingerprint,
    classes: dataset.classes,
    transform: transformOf(prepared, fold),
    graph,
    weights,
    ...features,
    training: config.training,
    monitors,
    seed,
    smoke,
    device,
    threads,
    mode: config.execution.mode,
    stateDirectory: paths.state,
    modelDirectory: paths.model,
  };
}

function testPart({ config }: PreparedExperiment, { test }: Fold, smoke: boolean): Uint32Array {
  return smoke ? test.subarray(0, smokeBatches * config.training.batch_size) : test;
}

const labelled = (labels: Int32Array, indices: Uint32Array): LabelledIndices => ({
  indices,
  labels: Int32Array.from(indices, (index) => labels[index] ?? -1),
});

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

type SettledOutcome =
  | { readonly status: 'completed'; readonly finished: FinishedFold }
  | { readonly status: 'failed'; readonly code: string; readonly reason: string }
  | { readonly status: 'interrupted' };

function outcomeOf(settled: Settled<FinishedFold | null> | undefined): SettledOutcome {
  if (!settled || settled.status === 'skipped') return { status: 'interrupted' };
  if (settled.status === 'completed')
    return settled.value
      ? { status: 'completed', finished: settled.value }
      : { status: 'interrupted' };
  const { error } = settled;
  if (error instanceof FoldFailed)
    return { status: 'failed', code: error.failure.code, reason: error.failure.message };
  if (error instanceof ExperimentError)
    return { status: 'failed', code: error.code, reason: error.message };
  throw error;
}
