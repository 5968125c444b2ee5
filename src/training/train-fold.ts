/**
 * Trains one fold: phases, epochs, callbacks, the choice of weights, and the saved state from
 * which an interrupted fold goes on bit by bit. May not see test indices.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Variable } from '@tensorflow/tfjs-node-gpu';
import { seedRandomStream } from '../engine/random.ts';
import { endEpoch, learningRateForEpoch, startCallbacks } from './callbacks/callback-list.ts';
import type { EpochRecord } from './epoch-record.ts';
import { epochValues } from './epoch-values.ts';
import { type FoldProgress, readFoldState, saveFoldState } from './fold-state.ts';
import { batchLimit, type FoldTask, type FoldTraining } from './fold-task.ts';
import { classWeights, resample } from './imbalance.ts';
import { modelVariables, restoreSnapshot, type Snapshot, takeSnapshot } from './model-weights.ts';
import { type Phase, phasesOf, unfreeze } from './phases.ts';
import { learningRateAt } from './schedules/index.ts';
import { type SelectionRule, selectionRule } from './selection.ts';
import { closeSession, openSession, restoreSession, type Session } from './session.ts';
import { trainEpoch } from './train-epoch.ts';

export type { FoldTask, FoldTraining } from './fold-task.ts';

/** Saving takes at most about this share of training's time: of short epochs not all are saved. */
const savingShare = 0.05;

/** What changes while a fold trains. */
type FoldRun = {
  readonly task: FoldTask;
  readonly rule: SelectionRule;
  readonly streamState: Variable;
  /** The train part after resampling. */
  readonly samples: Uint32Array;
  readonly classWeights: Float32Array;
  progress: FoldProgress;
  /** The kept weights. */
  best: Snapshot | undefined;
  session: Session | undefined;
  /** Saved values for the first session. */
  toRestore: Snapshot | undefined;
  /** Epochs in the saved state; what saving took and when it ended, in milliseconds. */
  saved: { epochs: number; cost: number; at: number };
};

const notBegun: FoldProgress = {
  phase: -1,
  phaseEpochs: 0,
  steps: 0,
  learningRate: 0,
  callbacks: [],
  history: [],
  bestEpoch: null,
  stopped: null,
};

/**
 * Trains the model, or goes on from the state in `stateDirectory`, and leaves the chosen epoch's
 * weights in it.
 *
 * @throws {ExperimentError} INCONCLUSIVE when the loss is no longer finite, DISK when the state
 * cannot be saved, CONFIG_INVALID when nothing can be trained, DATA_INVALID when the saved state
 * does not fit.
 */
export async function trainFold(task: FoldTask): Promise<FoldTraining> {
  const run = startFold(task);
  try {
    const finished = await runPhases(run);
    if (finished) chooseWeights(run);
    return resultOf(run, finished);
  } finally {
    if (run.session) closeSession(run.session);
  }
}

function startFold(task: FoldTask): FoldRun {
  const { tf, config, fold, labels, seed } = task;
  const samples = resample(config.sampling, fold.train, labels, seed);
  const state = readFoldState(task.stateDirectory);
  return {
    task,
    rule: selectionRule(config),
    streamState: seedRandomStream(tf, seed).state,
    samples,
    classWeights: classWeights(config.class_weight, samples, labels, task.classes),
    progress: state?.progress ?? notBegun,
    best: state?.best,
    session: undefined,
    toRestore: state?.variables,
    saved: { epochs: state?.progress.history.length ?? 0, cost: 0, at: performance.now() },
  };
}

/** All phases that are left; false when asked to stop. */
async function runPhases(run: FoldRun): Promise<boolean> {
  for (const [index, phase] of phasesOf(run.task.config, run.task.smoke).entries()) {
    unfreeze(run.task.model, phase.unfreeze);
    if (index < run.progress.phase) continue;
    if (index > run.progress.phase) beginPhase(run, phase, index);
    run.session = openSession(run.task, phase, run.streamState, run.session);
    if (run.toRestore) restoreSession(run.task, run.session, run.toRestore);
    run.toRestore = undefined;
    while (run.progress.phaseEpochs < phase.epochs && run.progress.stopped === null) {
      if (!(await runEpoch(run, run.session, phase))) return false;
    }
  }
  return true;
}

/** A phase is one `fit` of Keras; early stopping restores its weights at the end of each. */
function beginPhase(run: FoldRun, phase: Phase, index: number): void {
  if (run.rule.rule === 'early_stopping') {
    chooseWeights(run);
    run.best = undefined;
  }
  const { progress, task } = run;
  const { learning_rate: rate } = phase.optimizer;
  run.progress = {
    ...progress,
    phase: index,
    phaseEpochs: 0,
    steps: phase.freshOptimizer ? 0 : progress.steps,
    learningRate: typeof rate === 'number' ? Math.fround(rate) : 0,
    callbacks: startCallbacks(task.config.callbacks, progress.callbacks),
    bestEpoch: run.best ? progress.bestEpoch : null,
    stopped: null,
  };
}

/** One epoch with its callbacks; false when asked to stop before its end. */
async function runEpoch(run: FoldRun, session: Session, phase: Phase): Promise<boolean> {
  const started = performance.now();
  const { task } = run;
  const scheduled = learningRateForEpoch(task.config.callbacks, run.progress.phaseEpochs);
  if (scheduled !== undefined) setLearningRate(run, scheduled);
  const epoch = run.progress.history.length + 1;
  const trained = await trainEpoch({
    ...task,
    runner: session.runner,
    indices: run.samples,
    classWeights: run.classWeights,
    epoch,
    limit: batchLimit(task),
    learningRateAt: (steps) => rateAfter(run, phase, steps),
    // An epoch that no state covers yet is short: it is finished rather than thrown away.
    shouldStop: () => run.saved.epochs === epoch - 1 && task.shouldStop(),
    onProgress: (done, batches) => task.onProgress?.(epoch, done, batches),
  });
  if (!trained) return false;
  session.runner.pull();
  const record: EpochRecord = {
    epoch,
    seconds: (performance.now() - started) / 1000,
    learning_rate: rateAfter(run, phase, trained.steps),
    values: epochValues(task, session.runner, trained),
  };
  run.progress = {
    ...run.progress,
    phaseEpochs: run.progress.phaseEpochs + 1,
    steps: run.progress.steps + trained.steps,
    history: [...run.progress.history, record],
  };
  applyCallbacks(run, record);
  const last = run.progress.phaseEpochs >= phase.epochs || run.progress.stopped !== null;
  keepState(run, session, last || task.shouldStop());
  task.onEpoch(record);
  return true;
}

const setLearningRate = (run: FoldRun, value: number): void => {
  run.progress = { ...run.progress, learningRate: Math.fround(value) };
};

/** Learning rate of the update after `steps` more, rounded to float32 as the optimizer has it. */
function rateAfter({ progress }: FoldRun, { optimizer }: Phase, steps: number): number {
  const { learning_rate: rate } = optimizer;
  return typeof rate === 'number'
    ? progress.learningRate
    : Math.fround(learningRateAt(rate, progress.steps + steps));
}

function applyCallbacks(run: FoldRun, record: EpochRecord): void {
  const { task, progress, rule } = run;
  const { states, actions } = endEpoch(task.config.callbacks, progress.callbacks, {
    epoch: progress.phaseEpochs - 1,
    values: record.values,
    learningRate: record.learning_rate,
    history: progress.history,
  });
  run.progress = { ...progress, callbacks: states };
  for (const action of actions) {
    if (action.kind === 'stop') run.progress = { ...run.progress, stopped: action.reason };
    if (action.kind === 'set_learning_rate') setLearningRate(run, action.value);
    if (action.kind === 'write_file') writeBesideState(task, action.name, action.text);
    if (action.kind === 'keep_weights' && action.callback === rule.callback) {
      run.best = takeSnapshot(modelVariables(task.model));
      run.progress = { ...run.progress, bestEpoch: record.epoch };
    }
  }
}

function writeBesideState({ stateDirectory }: FoldTask, name: string, text: string): void {
  const directory = dirname(stateDirectory);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
}

/** Saves the state when it is time to, or in any case. */
function keepState(run: FoldRun, session: Session, always: boolean): void {
  const started = performance.now();
  const { saved, progress, best, task } = run;
  if (!always && (started - saved.at) * savingShare < saved.cost) return;
  saveFoldState(task.stateDirectory, {
    progress,
    variables: takeSnapshot(session.variables),
    best,
  });
  const at = performance.now();
  run.saved = { epochs: progress.history.length, cost: at - started, at };
}

/** Puts the kept weights into the model. */
function chooseWeights({ best, task }: FoldRun): void {
  if (best) restoreSnapshot(task.tf, modelVariables(task.model), best);
}

function resultOf(run: FoldRun, finished: boolean): FoldTraining {
  const { history, bestEpoch, stopped } = run.progress;
  const { rule, monitor } = run.rule;
  return {
    epochs: history,
    epochsRun: history.length,
    bestEpoch: finished ? (bestEpoch ?? history.length) : null,
    selection: { rule, monitor },
    stopped,
    interrupted: !finished,
  };
}
