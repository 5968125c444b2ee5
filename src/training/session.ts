/** What trains during one phase: the optimizer and the step for the weights that are trainable. */
import type { Variable } from '@tensorflow/tfjs-node-gpu';
import { ExperimentError } from '../errors.ts';
import { makeAugmentation } from './augmentation.ts';
import { outputUnits } from './batches.ts';
import { makeEvaluationStep } from './evaluation-step.ts';
import type { FoldTask } from './fold-task.ts';
import { createLossScale, type LossScale } from './loss-scale.ts';
import { defaultLoss } from './losses/index.ts';
import {
  modelVariables,
  restoreSnapshot,
  type Snapshot,
  trainableWeights,
} from './model-weights.ts';
import { createOptimizer, type Optimizer, type TrainableWeight } from './optimizers/optimizer.ts';
import type { Phase } from './phases.ts';
import type { StepRunner } from './step-runner.ts';
import { stepRunner } from './traced-runner.ts';
import { makeTrainStep } from './train-step.ts';

export type Session = {
  readonly optimizer: Optimizer;
  readonly lossScale: LossScale | undefined;
  readonly runner: StepRunner;
  /** All that changes from step to step: model, optimizer, loss scale, random stream. */
  readonly variables: ReadonlyMap<string, Variable>;
};

/**
 * Opens a phase after the one `before`, whose optimizer goes on where the phase says so.
 *
 * @throws {ExperimentError} CONFIG_INVALID when every layer is frozen.
 */
export function openSession(
  task: FoldTask,
  phase: Phase,
  streamState: Variable,
  before: Session | undefined,
): Session {
  const { tf, model, config, mode = 'auto' } = task;
  const weights = trainableWeights(model);
  if (weights.length === 0) {
    throw new ExperimentError(
      'CONFIG_INVALID',
      'Nothing can be trained: every layer of the model is frozen.',
      'Add a layer after the backbone, or set `trainable: true`.',
    );
  }
  before?.runner.dispose();
  const { optimizer, lossScale } = openOptimizer(task, phase, weights, before);
  const variables = new Map([
    ...modelVariables(model),
    ...under('optimizer', optimizer.variables),
    ...under('loss_scale', lossScale?.variables ?? new Map()),
    ['random/state', streamState] as const,
  ]);
  const loss = config.loss ?? defaultLoss(outputUnits(model));
  const range = task.input.valueRange ?? [0, 1];
  const augment = makeAugmentation(tf, config.augmentation, task.classes, range);
  const step = makeTrainStep(tf, {
    ...{ model, loss, optimizer, weights, lossScale },
    prepare: (stored, labels) => augment(task.input.decode(stored), labels),
  });
  const evaluation = makeEvaluationStep(tf, model, loss, task.input);
  const onFallback = (reason: string) => task.onNote?.(reason);
  const { precision } = config;
  const runner = stepRunner(tf, { mode, precision, model, onFallback })(step, evaluation);
  return { optimizer, lossScale, runner, variables };
}

/** The optimizer of the phase, and the loss scale that goes with it as in Keras. */
function openOptimizer(
  { tf, config }: FoldTask,
  phase: Phase,
  weights: readonly TrainableWeight[],
  before: Session | undefined,
): Pick<Session, 'optimizer' | 'lossScale'> {
  if (before && !phase.freshOptimizer) return before;
  before?.optimizer.dispose();
  before?.lossScale?.dispose();
  const optimizer = createOptimizer(tf, phase.optimizer, weights);
  const lossScale = config.precision === 'mixed_float16' ? createLossScale(tf) : undefined;
  return { optimizer, lossScale };
}

const under = (prefix: string, variables: ReadonlyMap<string, Variable>) =>
  [...variables].map(([name, variable]) => [`${prefix}/${name}`, variable] as const);

/**
 * Puts saved values into the variables of a session.
 *
 * @throws {ExperimentError} DATA_INVALID when they are of another model or optimizer.
 */
export function restoreSession(task: FoldTask, { variables }: Session, saved: Snapshot): void {
  try {
    restoreSnapshot(task.tf, variables, saved);
  } catch (error) {
    throw new ExperimentError(
      'DATA_INVALID',
      `The saved state in ${task.stateDirectory} is of another model: ${(error as Error).message}`,
      'Delete that directory to train the fold from the beginning.',
    );
  }
}

export function closeSession({ runner, optimizer, lossScale }: Session): void {
  runner.dispose();
  optimizer.dispose();
  lossScale?.dispose();
}
