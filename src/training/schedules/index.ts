/** The learning-rate schedules, by name. */
import { type Infer, oneOfType } from '../../schema/json-schema.ts';
import { cosineDecay, exponentialDecay, piecewiseConstant, polynomialDecay } from './decay.ts';
import type { ScheduleDefinition } from './define.ts';

export const schedules = {
  cosine_decay: cosineDecay,
  exponential_decay: exponentialDecay,
  piecewise_constant: piecewiseConstant,
  polynomial_decay: polynomialDecay,
};

export type ScheduleConfig = Infer<(typeof schedules)[keyof typeof schedules]['schema']>;

export const scheduleSchema = oneOfType(schedules, {
  description: 'A learning rate that changes with the step, as in keras.optimizers.schedules.',
});

/** The schedule's value after `step` updates (or epochs, where it is asked by epoch). */
export function learningRateAt(config: ScheduleConfig, step: number): number {
  // The entry under a config's own `type` takes that config; TypeScript cannot follow the pairing.
  const schedule = schedules[config.type] as ScheduleDefinition;
  return schedule.at(config as never, step);
}
