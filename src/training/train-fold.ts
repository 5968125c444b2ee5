/**
 * Trains one fold: epochs and phases, callbacks, the choice of weights, and the saved state from
 * which an interrupted fold goes on bit by bit. May not see test indices.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LayersModel, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { seedRandomStream } from '../engine/random.ts';
import { ExperimentError } from '../errors.ts';
import type { TrainingFold } from '../split/fold.ts';
import { batchesOf, outputUnits } from './batches.ts';
import { endEpoch, learningRateForEpoch, startCallbacks } from './callbacks/callback-list.ts';
import type { EpochRecord } from './epoch-record.ts';
import { type FoldProgress, readFoldState, saveFoldState } from './fold-state.ts';
import { classWeights, resample } from './imbalance.ts';
import type { InputSource } from './input-source.ts';
import { defaultLoss } from './losses/index.ts';
import {
  modelVariables,
  restoreSnapshot,
  type Snapshot,
  takeSnapshot,
  trainableWeights,
} from './model-weights.ts';
import { monitorValues } from './monitors.ts';
import { createOptimizer, type Optimizer } from './optimizers/optimizer.ts';
import { type Phase, phasesOf, unfreeze } from './phases.ts';
import { evaluate } from './predict.ts';
import { learningRateAt } from './schedules/index.ts';
import type { TrainingConfig } from './schema.ts';
import { type Selection, type SelectionRule, selectionRule } from './selection.ts';
import { type MakeStepRunner, runEagerly, type StepRunner } from './step-runner.ts';
import { type TrainedEpoch, trainEpoch } from './train-epoch.ts';
import { makeTrainStep } from './train-step.ts';

export type FoldTask = {
  readonly tf: Engine;
  /** Built and initialised; its weights are trained in place. */
  readonly model: LayersModel;
  readonly input: InputSource;
  /** Class of each sample, by its index in the dataset. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly fold: TrainingFold;
  readonly config: TrainingConfig;
  /** Metrics to compute after each epoch, on the train and (with val_) the validation part. */
  readonly monitors: readonly string[];
  readonly seed: number;
  /** The last complete epoch is kept here; a state that lies there is gone on from. */
  readonly stateDirectory: string;
  /** Two batches of everything. */
  readonly smoke: boolean;
  /** Runs the training step; default: op by op. */
  readonly makeRunner?: MakeStepRunner | undefined;
  onEpoch(record: EpochRecord): void;
  onProgress?(epoch: number, batch: number, batches: number): void;
  /** Asked before each batch. */
  shouldStop(): boolean;
};

export type FoldTraining = {
  readonly epochs: readonly EpochRecord[];
  readonly epochsRun: number;
  /** Epoch whose weights the model has now, counted from 1; null when interrupted. */
  readonly bestEpoch: number | null;
  readonly selection: Selection;
  /** Why training ended before the last epoch. */
  readonly stopped: string | null;
  /** Asked to stop: the model is not trained, the state goes on from its last complete epoch. */
  readonly interrupted: boolean;
};

/** Most batches of a pass in a smoke run. */
const smokeBatches = 2;

/** Saving takes at most about this share of training's time (short epochs are not all saved). */
const savingShare = 0.05;

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
    const interrupted = await runPhases(run);
    if (!interrupted) {
      keepState(run, { always: true });
      chooseWeights(run);
    }
    return resultOf(run, interrupted);
  } finally {
    run.session?.runner.dispose();
    run.session?.optimizer.dispose();
  }
}

/** What changes while a fold trains. */
type FoldRun = {
  readonly task: FoldTask;
  readonly phases: readonly Phase[];
  readonly rule: SelectionRule;
  readonly streamState: Variable;
  readonly samples: Uint32Array;
  readonly classWeights: Float32Array;
  progress: FoldProgress;
  best: Snapshot | undefined;
  session: Session | undefined;
  /** Values for the variables of the session that is opened first. */
  toRestore: Snapshot | undefined;
  /** Epochs in the saved state, and what saving cost and when it ended, in milliseconds. */
  saved: { epochs: number; cost: number; at: number };
};

/** What trains during a phase. */
type Session = {
  readonly optimizer: Optimizer;
  readonly runner: StepRunner;
  readonly variables: ReadonlyMap<string, Variable>;
};

function startFold(task: FoldTask): FoldRun {
  const { tf, config, fold, labels, seed } = task;
  const samples = resample(config.sampling, fold.train, labels, seed);
  const state = readFoldState(task.stateDirectory);
  return {
    task,
    phases: phasesOf(config, task.smoke),
    rule: selectionRule(config),
    streamState: seedRandomStream(tf, seed).state,
    samples,
    classWeights: classWeights(config.class_weight, samples, labels, task.classes),
    progress: state?.progress ?? {
      phase: 0,
      phaseEpochs: 0,
      steps: 0,
      learningRate: 0,
      callbacks: [],
      history: [],
      bestEpoch: null,
      stopped: null,
    },
    best: state?.best,
    session: undefined,
    toRestore: state?.variables,
    saved: { epochs: state?.progress.history.length ?? 0, cost: 0, at: performance.now() },
  };
}

/** All phases that are left; true when asked to stop. */
async function runPhases(run: FoldRun): Promise<boolean> {
  const { phases, task } = run;
  for (const phase of phases.slice(0, run.progress.phase)) unfreeze(task.model, phase.unfreeze);
  for (let index = run.progress.phase; index < phases.length; index++) {
    const phase = phases[index];
    if (!phase) continue;
    if (index > run.progress.phase) endPhase(run);
    unfreeze(task.model, phase.unfreeze);
    beginPhase(run, phase, index);
    while (run.progress.phaseEpochs < phase.epochs && run.progress.stopped === null) {
      if (!(await runEpoch(run, phase))) return true;
    }
  }
  return false;
}

/** A phase is one `fit` of Keras, which restores the best weights at its end. */
function endPhase(run: FoldRun): void {
  if (run.rule.rule !== 'early_stopping') return;
  chooseWeights(run);
  run.best = undefined;
  run.progress = { ...run.progress, bestEpoch: null };
}

function beginPhase(run: FoldRun, phase: Phase, index: number): void {
  const { progress, task } = run;
  const { learning_rate: rate } = phase.optimizer;
  if (index > progress.phase || progress.callbacks.length === 0) {
    run.progress = {
      ...progress,
      phase: index,
      phaseEpochs: 0,
      steps: phase.freshOptimizer ? 0 : progress.steps,
      learningRate: typeof rate === 'number' ? Math.fround(rate) : 0,
      callbacks: startCallbacks(task.config.callbacks, progress.callbacks),
      stopped: null,
    };
  }
  run.session = openSession(run, phase);
}

/** Makes optimizer and step for the weights that are trainable now. */
function openSession(run: FoldRun, phase: Phase): Session {
  const { tf, model, config, makeRunner = runEagerly } = run.task;
  const weights = trainableWeights(model);
  if (weights.length === 0) {
    throw new ExperimentError(
      'CONFIG_INVALID',
      'Nothing can be trained: every layer of the model is frozen.',
      'Add a layer after the backbone, or set `trainable: true`.',
    );
  }
  const before = run.session;
  before?.runner.dispose();
  const reuse = before !== undefined && !phase.freshOptimizer;
  if (!reuse) before?.optimizer.dispose();
  const optimizer = reuse ? before.optimizer : createOptimizer(tf, phase.optimizer, weights);
  const variables = new Map([
    ...modelVariables(model),
    ...[...optimizer.variables].map(([name, one]) => [`optimizer/${name}`, one] as const),
    ['random/state', run.streamState] as const,
  ]);
  if (run.toRestore) restoreInto(run.task, variables, run.toRestore);
  run.toRestore = undefined;
  const loss = config.loss ?? defaultLoss(outputUnits(model));
  const runner = makeRunner(makeTrainStep(tf, { model, loss, optimizer, weights }));
  return { optimizer, runner, variables };
}

function restoreInto(
  { tf, stateDirectory }: FoldTask,
  variables: ReadonlyMap<string, Variable>,
  saved: Snapshot,
): void {
  try {
    restoreSnapshot(tf, variables, saved);
  } catch (error) {
    throw new ExperimentError(
      'DATA_INVALID',
      `The saved state in ${stateDirectory} is of another model: ${(error as Error).message}`,
      'Delete that directory to train the fold from the beginning.',
    );
  }
}

/** One epoch with its callbacks; false when asked to stop before its end. */
async function runEpoch(run: FoldRun, phase: Phase): Promise<boolean> {
  const started = performance.now();
  const { task } = run;
  const scheduled = learningRateForEpoch(task.config.callbacks, run.progress.phaseEpochs);
  if (scheduled !== undefined) setLearningRate(run, scheduled);
  const trained = await trainEpoch(epochPlan(run, phase));
  if (!trained) return false;
  run.session?.runner.pull();
  const { progress } = run;
  const record: EpochRecord = {
    epoch: progress.history.length + 1,
    seconds: (performance.now() - started) / 1000,
    learning_rate: rateAfter(run, phase, trained.steps),
    values: epochValues(task, trained),
  };
  run.progress = {
    ...progress,
    phaseEpochs: progress.phaseEpochs + 1,
    steps: progress.steps + trained.steps,
    history: [...progress.history, record],
  };
  applyCallbacks(run, record);
  const last = run.progress.phaseEpochs >= phase.epochs || run.progress.stopped !== null;
  keepState(run, { always: last });
  task.onEpoch(record);
  return true;
}

const setLearningRate = (run: FoldRun, value: number): void => {
  run.progress = { ...run.progress, learningRate: Math.fround(value) };
};

/** Learning rate of the update after `steps` more. */
function rateAfter({ progress }: FoldRun, { optimizer }: Phase, steps: number): number {
  const { learning_rate: rate } = optimizer;
  return typeof rate === 'number'
    ? progress.learningRate
    : Math.fround(learningRateAt(rate, progress.steps + steps));
}

function epochPlan(run: FoldRun, phase: Phase): Parameters<typeof trainEpoch>[0] {
  const { task, progress } = run;
  if (!run.session) throw new Error('an epoch needs an open phase');
  const epoch = progress.history.length + 1;
  return {
    ...task,
    runner: run.session.runner,
    indices: run.samples,
    classWeights: run.classWeights,
    epoch,
    limit: task.smoke ? smokeBatches : Number.POSITIVE_INFINITY,
    learningRateAt: (steps) => rateAfter(run, phase, steps),
    // An epoch that no state covers yet is short: it is finished rather than thrown away.
    shouldStop: () => run.saved.epochs === progress.history.length && task.shouldStop(),
    onProgress: (done, batches) => task.onProgress?.(epoch, done, batches),
  };
}

/** Loss and monitored metrics of both parts. */
function epochValues(task: FoldTask, trained: TrainedEpoch): Record<string, number> {
  const { tf, model, input, config, fold, classes, monitors } = task;
  const labelsOf = (indices: Uint32Array) =>
    Int32Array.from(indices, (sample) => task.labels[sample] ?? 0);
  const values = (part: typeof trained | ReturnType<typeof evaluate>, indices: Uint32Array) =>
    monitorValues(monitors, {
      indices,
      labels: labelsOf(indices),
      probabilities: part.probabilities,
      classes,
      loss: part.loss,
    });
  const train = { loss: trained.loss, ...values(trained, trained.order) };
  if (fold.validation.length === 0) return train;
  const limit = task.smoke ? smokeBatches : Number.POSITIVE_INFINITY;
  const batches = batchesOf(fold.validation, config.batch_size, limit);
  const indices = fold.validation.subarray(0, batches.flatMap((one) => [...one]).length);
  const labels = labelsOf(indices);
  const validation = evaluate(tf, { model, input, batches, labels, loss: config.loss });
  const all = { loss: validation.loss, ...values(validation, indices) };
  const named = Object.entries(all).map(([name, value]) => [`val_${name}`, value] as const);
  return { ...train, ...Object.fromEntries(named) };
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
    if (action.kind === 'write_file') {
      const directory = dirname(task.stateDirectory);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, action.name), action.text);
    }
    if (action.kind === 'keep_weights' && action.callback === rule.callback) {
      run.best = takeSnapshot(modelVariables(task.model));
      run.progress = { ...run.progress, bestEpoch: record.epoch };
    }
  }
}

/** Saves the state when it is time to, or in any case. */
function keepState(run: FoldRun, { always }: { always: boolean }): void {
  const { saved, session, progress } = run;
  const epochs = progress.history.length;
  const started = performance.now();
  const due = (started - saved.at) * savingShare >= saved.cost;
  if (!session || saved.epochs === epochs || !(always || due)) return;
  saveFoldState(run.task.stateDirectory, {
    progress,
    variables: takeSnapshot(session.variables),
    best: run.best,
  });
  const at = performance.now();
  run.saved = { epochs, cost: at - started, at };
}

/** Puts the kept weights into the model. */
function chooseWeights(run: FoldRun): void {
  if (!run.best) return;
  restoreSnapshot(run.task.tf, modelVariables(run.task.model), run.best);
  run.session?.runner.push();
}

function resultOf(run: FoldRun, interrupted: boolean): FoldTraining {
  const { history, bestEpoch, stopped } = run.progress;
  const { rule, monitor } = run.rule;
  return {
    epochs: history,
    epochsRun: history.length,
    bestEpoch: interrupted ? null : (bestEpoch ?? history.length),
    selection: { rule, monitor },
    stopped,
    interrupted,
  };
}
