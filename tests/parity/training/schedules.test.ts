import { expect, test } from '@jest/globals';
import {
  learningRateAt,
  type ScheduleConfig,
  scheduleSchema,
} from '../../../src/training/schedules/index.ts';
import { largestDifference, readFixture, withDefaults } from './fixture.ts';

type Case = { type: string; options: Record<string, unknown>; values: number[] };

test.each(
  readFixture<Case[]>('schedules.json').map((one) => [JSON.stringify(one.options), one] as const),
)("a schedule with %s has Keras's learning rates", (_name, { type, options, values }) => {
  const config = withDefaults<ScheduleConfig>(scheduleSchema, { type, ...options });
  const ours = values.map((_, step) => learningRateAt(config, step));
  expect(largestDifference(ours, values, 1e-3)).toBeLessThan(2e-6);
});
