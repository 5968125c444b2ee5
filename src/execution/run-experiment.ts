/**
 * The pipeline, top to bottom:
 *
 *   prepare (data, folds, model, lint)  →  open a run  →  train each fold  →  result.json
 *     →  figures, report, summary  →  verdict
 *
 * Everything is written below `runs/<name>/<run-id>/`; a run that is opened again goes on.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname } from 'node:path';
import { lintExperiment } from '../config/lint/record.ts';
import type { LoadedExperiment } from '../config/load.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';
import { lockRun, type RunPaths, writeAtomically } from '../result/run-directory.ts';
import { writeSplits } from '../split/splits-file.ts';
import { baselinePath, readBaseline } from '../thresholds/baseline.ts';
import { historyOf } from '../tracking/history.ts';
import { type Journal, openJournal, readJournal } from '../tracking/journal.ts';
import { createLiveSender, type SenderReport } from '../tracking/live-sender.ts';
import { assembleResult, type RunCircumstances } from './assemble-result.ts';
import { chooseFolds } from './choose-folds.ts';
import { journalObserver } from './journal-observer.ts';
import { monitoredMetrics } from './monitored-metrics.ts';
import { combineObservers, type RunObserver } from './observer.ts';
import { openRun, type RunSelection } from './open-run.ts';
import { type PreparedExperiment, type PrepareOptions, prepareExperiment } from './prepare.ts';
import { prepareWeights } from './prepare-weights.ts';
import { type TrainedFolds, trainFolds } from './train-folds.ts';

export type RunOptions = {
  /** Directory that holds all runs. */
  readonly root: string;
  readonly selection: RunSelection;
  /** Only these folds; all without it. */
  readonly folds?: readonly number[] | undefined;
  readonly smoke: boolean;
  readonly track: boolean;
  readonly device?: 'cpu' | 'gpu' | 'auto' | undefined;
  readonly foldsAtOnce?: number | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** In a study: the configs of all variants, by name. */
  readonly variantConfigs?: PrepareOptions['variantConfigs'];
};

export type RunOutcome = {
  readonly result: ExperimentResult;
  readonly paths: RunPaths;
  readonly tracking: SenderReport;
  /** Codes of the folds that failed. */
  readonly failures: readonly string[];
};

/** How long a finished run waits for a tracking server that answers, in milliseconds. */
const trackingPatience = 30_000;

export async function runExperiment(
  experiment: LoadedExperiment,
  options: RunOptions,
  watcher: RunObserver,
): Promise<RunOutcome> {
  const started = new Date();
  const prepared = await prepareExperiment(experiment, watcher, options);
  const { config } = prepared;
  const weights = await prepareWeights(experiment, prepared, watcher);
  const folds = chooseFolds(prepared.folds, options.folds);
  const { paths, resumed } = openRun(options.root, config, options.selection, started);
  const release = lockRun(paths);
  try {
    const journal = openJournal(paths.events);
    const begun = beginJournal(journal, paths, experiment, options.smoke, resumed);
    const sender = createLiveSender(
      paths.directory,
      options.track ? (config.tracking ?? {}) : 'none',
      {
        journal,
        warn: (message) => watcher.onNote(message),
      },
    );
    const observer = combineObservers([
      watcher,
      journalObserver(journal, begun.foldUids, sender.poke),
    ]);
    writeAtomically(paths.splits, writeSplits(prepared.folds, config.split.strategy.type));
    const trained = await trainFolds(
      prepared,
      paths,
      {
        folds,
        smoke: options.smoke,
        device: options.device ?? config.execution.device,
        foldsAtOnce: options.foldsAtOnce,
        signal: options.signal,
        monitors: monitoredMetrics(config),
        weights,
      },
      observer,
    );
    watcher.onStep('evaluating the predictions');
    const circumstances = {
      started: begun.started,
      seconds: (Date.now() - begun.started.getTime()) / 1000,
      smoke: options.smoke,
      interrupted: options.signal.aborted,
      directory: dirname(experiment.file),
      variantConfigs: options.variantConfigs,
      baseline: readBaseline(baselinePath(experiment.file)),
    };
    const result = await record(experiment, prepared, paths, trained, circumstances);
    journal.append({ kind: 'run_ended', status: result.status });
    const tracking = await sender.finish(trackingPatience);
    const failures = trained.outcomes.flatMap((one) => (one.status === 'failed' ? one.code : []));
    return { result, paths, tracking, failures };
  } finally {
    release();
  }
}

/** Writes what there is to say: figures, `result.json`, report and summary. */
async function record(
  experiment: LoadedExperiment,
  prepared: PreparedExperiment,
  paths: RunPaths,
  trained: TrainedFolds,
  circumstances: RunCircumstances,
): Promise<ExperimentResult> {
  const completed = trained.outcomes.filter(({ status }) => status === 'completed');
  // The libraries of pictures and charts take long to load, which training need not wait for.
  const { writeFigures } = await import('../report/figures.ts');
  const { writeUnseenFigures } = await import('../report/unseen-figures.ts');
  const numbers = completed.map(({ fold }) => fold.fold);
  await writeFigures(paths, prepared.dataset, numbers);
  await writeUnseenFigures(paths, prepared.unseen, numbers);
  const assembled = assembleResult(prepared, paths, trained, circumstances);
  // Some rules look at what came out.
  const { dataset, folds } = prepared;
  const { variantConfigs } = circumstances;
  const lint = lintExperiment(experiment, { dataset, folds, variantConfigs, result: assembled });
  const result = { ...assembled, lint: lint.findings };
  writeAtomically(paths.result, `${JSON.stringify(result, null, 2)}\n`);
  const { writeReport } = await import('../report/write-report.ts');
  await writeReport(paths);
  return result;
}

type Beginning = {
  readonly started: Date;
  /** The tracker's ids of folds that were begun before. */
  readonly foldUids: ReadonlyMap<number, string>;
};

function beginJournal(
  journal: Journal,
  paths: RunPaths,
  experiment: LoadedExperiment,
  smoke: boolean,
  resumed: boolean,
): Beginning {
  const before = resumed ? historyOf(readJournal(paths.events)) : null;
  if (before) {
    const kept = before.folds.filter(({ status }) => status === 'completed');
    journal.append({ kind: 'resumed', folds_kept: kept.map(({ fold }) => fold) });
    // Without a saved state a fold starts anew, and its earlier attempt is void.
    const goingOn = before.folds.filter(({ fold }) => existsSync(paths.fold(fold).state));
    return {
      started: new Date(before.startedAt),
      foldUids: new Map(goingOn.map(({ fold, uid }) => [fold, uid])),
    };
  }
  const event = journal.append({
    kind: 'run_started',
    run_id: paths.id,
    name: experiment.config.name,
    uid: randomUUID(),
    smoke,
    source: basename(experiment.file),
    user: userInfo().username,
  });
  return { started: new Date(event.at), foldUids: new Map() };
}
