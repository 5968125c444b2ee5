/** `epochs` or `phases` of the config as one list, and what a phase makes trainable. */
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import { ExperimentError } from '../errors.ts';
import type { OptimizerConfig } from './optimizers/index.ts';
import type { TrainingConfig } from './schema.ts';

type PhaseConfig = NonNullable<TrainingConfig['phases']>[number];

export type Phase = {
  readonly epochs: number;
  readonly unfreeze: PhaseConfig['unfreeze'];
  /** With the phase's own learning rate in it. */
  readonly optimizer: OptimizerConfig;
  /** Slots start anew, as after `compile` in Keras; else the last phase's go on. */
  readonly freshOptimizer: boolean;
};

/** The phases in order; a smoke run has one epoch of each. */
export function phasesOf(config: TrainingConfig, smoke = false): readonly Phase[] {
  const phases: readonly PhaseConfig[] = config.phases ?? [{ epochs: config.epochs }];
  return phases.map((phase, index) => {
    const optimizer = phase.optimizer ?? config.optimizer;
    return {
      epochs: smoke ? 1 : phase.epochs,
      unfreeze: phase.unfreeze,
      optimizer:
        phase.learning_rate === undefined
          ? optimizer
          : { ...optimizer, learning_rate: phase.learning_rate },
      freshOptimizer: index === 0 || phase.optimizer !== undefined || phase.unfreeze !== undefined,
    };
  });
}

/** Highest number of epochs that a fold can train. */
export const totalEpochs = (config: TrainingConfig): number =>
  phasesOf(config).reduce((sum, { epochs }) => sum + epochs, 0);

/**
 * Makes layers trainable: all, or those from a named one to the end of the model.
 *
 * @throws {ExperimentError} CONFIG_INVALID when the model has no such layer.
 */
export function unfreeze(model: LayersModel, what: Phase['unfreeze']): void {
  if (what === undefined) return;
  const names = model.layers.map(({ name }) => name);
  const first = what === 'all' ? 0 : names.indexOf(what.from);
  if (first < 0 && what !== 'all') {
    throw new ExperimentError(
      'CONFIG_INVALID',
      `training.phases: the model has no layer "${what.from}".`,
      '`npm run exp -- plan FILE` lists the names of all layers.',
    );
  }
  for (const layer of model.layers.slice(first)) layer.trainable = true;
}
