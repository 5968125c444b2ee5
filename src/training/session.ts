/** What trains during one phase: the optimizer and the step for the weights that are trainable. */
import type { Variable } from '@tensorflow/tfjs-node-gpu';
import { ExperimentError } from '../errors.ts';
import { makeAugmentation } from './augmentation.ts';
import { outputUnits } from './batches.ts';
import { makeEvaluationStep } from './evaluation-step.ts';
import type { FoldTask } from './fold-task.ts';
import { defaultLoss } from './losses/index.ts';
import {
  modelVariables,
  restoreSnapshot,
  type Snapshot,
  trainableWeights,
} from './model-weights.ts';
import { createOptimizer, type Optimizer } from './optimizers/optimizer.ts';
import type { Phase } from './phases.ts';
import type { StepRunner } from './step-runner.ts';
import { stepRunner } from './traced-runner.ts';
import { makeTrainStep } from './train-step.ts';

export type Session = {
  readonly optimizer: Optimizer;
  readonly runner: StepRunner;
  /** All that changes from step to step: model, optimizer, random stream. */
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
  const kept = phase.freshOptimizer ? undefined : before?.optimizer;
  if (!kept) before?.optimizer.dispose();
  const optimizer = kept ?? createOptimizer(tf, phase.optimizer, weights);
  const variables = new Map([
    ...modelVariables(model),
    ...[...optimizer.variables].map(([name, one]) => [`optimizer/${name}`, one] as const),
    ['random/state', streamState] as const,
  ]);
  const loss = config.loss ?? defaultLoss(outputUnits(model));
  const range = task.input.valueRange ?? [0, 1];
  const augment = makeAugmentation(tf, config.augmentation, task.classes, range);
  const step = makeTrainStep(tf, {
    ...{ model, loss, optimizer, weights },
    prepare: (stored, labels) => augment(task.input.decode(stored), labels),
  });
  const evaluation = makeEvaluationStep(tf, model, loss, task.input);
  const onFallback = (reason: string) => task.onNote?.(reason);
  const runner = stepRunner(tf, { mode, model, onFallback })(step, evaluation);
  return { optimizer, runner, variables };
}

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

export function closeSession({ runner, optimizer }: Session): void {
  runner.dispose();
  optimizer.dispose();
}
