import { learningRateAt, scheduleSchema } from '../schedules/index.ts';
import { defineCallback } from './define.ts';

/** keras.callbacks.LearningRateScheduler with one of the schedules, counted in epochs from 0. */
export const learningRateSchedule = defineCallback({
  schema: {
    type: 'object',
    description: 'Sets the learning rate at the beginning of each epoch.',
    properties: {
      type: {
        type: 'string',
        const: 'learning_rate_schedule',
        description: 'Name of the callback.',
      },
      schedule: {
        ...scheduleSchema,
        description: 'The schedule; its steps and boundaries are epochs here.',
        examples: [
          { type: 'piecewise_constant', boundaries: [10, 15], values: [0.001, 0.0005, 0.0001] },
        ],
      },
    },
    required: ['type', 'schedule'],
    additionalProperties: false,
  },
  start: () => ({}),
  learningRate: ({ schedule }, epoch) => learningRateAt(schedule, epoch),
});
