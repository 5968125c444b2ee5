/**
 * What an optimizer is: options, the slots it keeps for every weight, and one update of one
 * weight. Nothing is read back, and all that changes from step to step is a variable or a tensor,
 * so that a step can be recorded as a graph.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import { scheduleSchema } from '../schedules/index.ts';

/** Scalars that all weights share in one step. */
export type StepScalars = { readonly learningRate: Tensor } & Readonly<Record<string, Tensor>>;

export type WeightUpdate = {
  readonly variable: Variable;
  /** Already clipped. */
  readonly gradient: Tensor;
  readonly slots: Readonly<Record<string, Variable>>;
  readonly scalars: StepScalars;
};

export type OptimizerDefinition<S extends ObjectSchema = ObjectSchema> = {
  readonly schema: S;
  /** Slot name → the value it starts from. */
  slots(config: Infer<S>): Readonly<Record<string, number>>;
  /** Scalars besides the learning rate; `step` is float32 and counts from 1. */
  scalars?(
    tf: Engine,
    config: Infer<S>,
    now: { readonly learningRate: Tensor; readonly step: Tensor },
  ): Readonly<Record<string, Tensor>>;
  /** Writes the weight and its slots. Formulas: keras/src/optimizers, Keras 3. */
  update(tf: Engine, config: Infer<S>, update: WeightUpdate): void;
};

export const defineOptimizer = <const S extends ObjectSchema>(definition: OptimizerDefinition<S>) =>
  definition;

/** A positive number or a schedule in steps. */
export const learningRate = <const D extends number>(value: D) =>
  ({
    description: 'Step size, or a schedule of it in steps.',
    examples: [
      value,
      { type: 'cosine_decay', initial_learning_rate: value, decay_steps: 2000, warmup_steps: 100 },
    ],
    default: value,
    anyOf: [{ type: 'number', exclusiveMinimum: 0 }, scheduleSchema],
  }) as const;

const weightDecayDescription =
  'Share of each weight, times the learning rate, that is taken off before the update (decoupled).';

/** Decoupled weight decay where there is none by default. */
export const weightDecay = {
  type: 'number',
  minimum: 0,
  description: weightDecayDescription,
  examples: [0.0001],
} as const;

/** Decoupled weight decay of AdamW. */
export const adamwWeightDecay = { ...weightDecay, default: 0.004 } as const;

export const clipping = {
  clipnorm: {
    type: 'number',
    exclusiveMinimum: 0,
    description: "Highest L2 norm of each weight's gradient; longer ones are scaled down.",
    examples: [1],
  },
  clipvalue: {
    type: 'number',
    exclusiveMinimum: 0,
    description: 'Every entry of a gradient is clipped to plus or minus this value.',
    examples: [0.5],
  },
} as const;

export const epsilon = {
  type: 'number',
  exclusiveMinimum: 0,
  default: 1e-7,
  description: 'Small constant against division by zero.',
} as const;

/** A decay rate in [0, 1). */
export const rate = <const D extends number>(value: D, description: string) =>
  ({ type: 'number', minimum: 0, exclusiveMaximum: 1, default: value, description }) as const;
