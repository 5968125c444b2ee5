/** What a loss is: options and the loss of every sample of a batch, with Keras 3's formulas. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';

export type LossBatch = {
  /** One-hot (or mixed) labels [batch, units], float32; [batch, 1] for one sigmoid unit. */
  readonly labels: Tensor;
  /** What the model gave, [batch, units]. */
  readonly outputs: Tensor;
  /**
   * What went into the last softmax or sigmoid, where it is known. Keras takes the cross-entropies
   * from it, which neither clips nor loses digits.
   */
  readonly logits?: Tensor | undefined;
};

export type LossDefinition<S extends ObjectSchema = ObjectSchema> = {
  readonly schema: S;
  /** Loss of each sample, [batch]. */
  perSample(tf: Engine, config: Infer<S>, batch: LossBatch): Tensor;
};

export const defineLoss = <const S extends ObjectSchema>(definition: LossDefinition<S>) =>
  definition;

/** keras.config.epsilon(): probabilities are kept this far from 0 and 1 before a logarithm. */
export const kerasEpsilon = 1e-7;

export const labelSmoothing = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 0,
  description: 'Share of each label that is spread evenly over all classes.',
} as const;

/** Schema of a loss that has no options. */
export const plainLoss = <const Name extends string>(name: Name, description: string) =>
  ({
    type: 'object',
    description,
    properties: { type: { type: 'string', const: name, description: 'Name of the loss.' } },
    required: ['type'],
    additionalProperties: false,
  }) as const;
