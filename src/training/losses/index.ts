/** The losses, by name. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { type Infer, oneOfType } from '../../schema/json-schema.ts';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  sparseCategoricalCrossentropy,
} from './crossentropy.ts';
import type { LossBatch, LossDefinition } from './define.ts';
import { categoricalHinge, klDivergence, meanSquaredError, poisson } from './distance.ts';

export const losses = {
  categorical_crossentropy: categoricalCrossentropy,
  sparse_categorical_crossentropy: sparseCategoricalCrossentropy,
  categorical_focal_crossentropy: categoricalFocalCrossentropy,
  binary_crossentropy: binaryCrossentropy,
  mean_squared_error: meanSquaredError,
  kl_divergence: klDivergence,
  categorical_hinge: categoricalHinge,
  poisson,
};

export type LossConfig = Infer<(typeof losses)[keyof typeof losses]['schema']>;

export const lossSchema = oneOfType(losses, {
  description: 'What training makes small. Default: the cross-entropy that fits the last layer.',
  examples: [{ type: 'categorical_crossentropy', label_smoothing: 0.1 }],
});

/** The loss that fits the last layer: one unit means a sigmoid, more a softmax. */
export const defaultLoss = (outputUnits: number): LossConfig =>
  outputUnits === 1
    ? { type: 'binary_crossentropy', label_smoothing: 0 }
    : { type: 'categorical_crossentropy', label_smoothing: 0 };

/** Loss of each sample, [batch]. */
export function lossPerSample(tf: Engine, config: LossConfig, batch: LossBatch): Tensor {
  // The entry under a config's own `type` takes that config; TypeScript cannot follow the pairing.
  const loss = losses[config.type] as LossDefinition;
  return loss.perSample(tf, config as never, batch);
}
