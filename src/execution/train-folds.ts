/** All folds of a run: those that are finished are kept, the others train side by side. */
import { existsSync, readFileSync } from 'node:fs';
import { ExperimentError } from '../errors.ts';
import { summarizeModel } from '../model/summarize-model.ts';
import type { RunPaths } from '../result/run-directory.ts';
import type { Fold } from '../split/fold.ts';
import { type Concurrency, chooseConcurrency } from './concurrency.ts';
import { FoldFailed } from './fold-process.ts';
import type { RunObserver } from './observer.ts';
import { runPool, type Settled } from './pool.ts';
import { type PreparedExperiment, transformOf } from './prepare.ts';
import type { LabelledIndices } from './protocol.ts';
import { deriveSeed } from './seeds.ts';
import { type FinishedFold, trainFoldRemotely } from './train-fold-remotely.ts';

export type FoldOutcome = { readonly fold: Fold; readonly seed: number } & (
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
  const wanted = new Set(options.folds);
  const kept = new Map(
    prepared.folds.flatMap((fold): [Fold, FinishedFold][] => {
      const finished = readFinished(run, fold);
      return finished ? [[fold, finished]] : [];
    }),
  );
  const jobs = options.folds.filter((fold) => !kept.has(fold));
  const execution = options.foldsAtOnce
    ? { ...prepared.config.execution, folds_at_once: options.foldsAtOnce }
    : prepared.config.execution;
  const parameters = summarizeModel(prepared.graph).parameters.total;
  const concurrency = chooseConcurrency(execution, jobs.length, parameters, options.device);
  const trainOne = foldTrainer(prepared, run, options, concurrency.threads, observer);
  const settled = await runPool(
    jobs,
    concurrency.foldsAtOnce,
    trainOne,
    () => options.signal.aborted,
  );
  const bySettled = new Map(jobs.map((fold, i) => [fold, settled[i]]));
  const outcomes = prepared.folds.map((fold): FoldOutcome => {
    const identity = { fold, seed: foldSeed(prepared, fold) };
    const finished = kept.get(fold);
    if (finished) return { ...identity, status: 'completed', finished };
    if (!wanted.has(fold)) return { ...identity, status: 'missing' };
    return { ...identity, ...outcomeOf(bySettled.get(fold)) };
  });
  return { outcomes, concurrency };
}

export const foldSeed = ({ config }: PreparedExperiment, { fold }: Fold): number =>
  deriveSeed(config.seed, 'fold', fold);

function readFinished(run: RunPaths, { fold }: Fold): FinishedFold | undefined {
  const { record } = run.fold(fold);
  // Written by this program, whole or not at all.
  return existsSync(record)
    ? (JSON.parse(readFileSync(record, 'utf8')) as FinishedFold)
    : undefined;
}

/** Trains one fold and tells the observer how it went; null when it was interrupted. */
function foldTrainer(
  prepared: PreparedExperiment,
  run: RunPaths,
  options: TrainFoldsOptions,
  threads: number,
  observer: RunObserver,
): (fold: Fold) => Promise<FinishedFold | null> {
  const { dataset, unseen } = prepared;
  const pictures = Object.entries(unseen).map(([name, { images, labels }]) => ({
    name,
    images,
    labels,
  }));
  return async (fold) => {
    const number = fold.fold;
    observer.onFoldStarted(number);
    const remote = trainFoldRemotely(
      assignmentOf(prepared, run, fold, options, threads),
      labelled(dataset.labels, testPart(prepared, fold, options.smoke)),
      pictures,
      run.fold(number),
      {
        onEpoch: (record) => observer.onEpoch(number, record),
        onBatch: (epoch, batch, batches) => observer.onBatch(number, epoch, batch, batches),
        onNote: (message) => observer.onNote(message),
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

function assignmentOf(
  prepared: PreparedExperiment,
  run: RunPaths,
  fold: Fold,
  { smoke, device, monitors }: TrainFoldsOptions,
  threads: number,
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
    classes: dataset.classes,
    transform: transformOf(prepared, fold),
    graph,
    training: config.training,
    monitors,
    seed: foldSeed(prepared, fold),
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
