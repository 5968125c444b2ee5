/** What a learning-rate schedule is: options and a pure function of the step. */
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';

export type ScheduleDefinition<S extends ObjectSchema = ObjectSchema> = {
  readonly schema: S;
  /** The learning rate after `step` updates (0 before the first), from Keras's formula. */
  at(config: Infer<S>, step: number): number;
};

export const defineSchedule = <const S extends ObjectSchema>(definition: ScheduleDefinition<S>) =>
  definition;

/** The option that every decay takes; `settled` in warm-up is what the decay starts from. */
export const warmupSteps = {
  type: 'integer',
  minimum: 0,
  default: 0,
  description:
    'Steps of linear increase before the decay begins: from 0 to the initial learning rate.',
} as const;

export const decaySteps = {
  type: 'integer',
  minimum: 1,
  description: 'Number of steps over which the learning rate decays.',
  examples: [2000],
} as const;

export const initialLearningRate = {
  type: 'number',
  minimum: 0,
  description: 'Learning rate at the first step of the decay.',
  examples: [0.001],
} as const;
