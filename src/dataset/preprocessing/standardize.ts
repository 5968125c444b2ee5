import type { ConfigPath, Problem } from '../../errors.ts';
import { definePixelStep } from './define.ts';

const perChannel = (description: string, range: { exclusiveMinimum?: number } = {}) =>
  ({
    anyOf: [
      { type: 'number', description: 'For all channels.', ...range },
      {
        type: 'array',
        description: 'One per channel.',
        items: { type: 'number', description: 'For one channel.', ...range },
        minItems: 1,
        maxItems: 3,
      },
    ],
    description,
  }) as const;

/** Where a channel of the train part never changes, `keras.layers.Normalization` divides by this. */
const epsilon = 1e-7;

/** `keras.layers.Normalization` per channel: zero mean, unit standard deviation. */
export const standardize = definePixelStep({
  schema: {
    type: 'object',
    description:
      'Subtracts the mean and divides by the standard deviation, per channel; both are measured on the train part of each fold.',
    properties: {
      type: { type: 'string', const: 'standardize', description: 'Zero mean, unit deviation.' },
      mean: perChannel(
        'Given mean in place of the measured one, in the units of the values at this step (LEAK002 warns).',
      ),
      standard_deviation: perChannel('Given standard deviation; goes with mean.', {
        exclusiveMinimum: 0,
      }),
    },
    required: ['type'],
    additionalProperties: false,
  },
  needsStatistics: ({ mean }) => mean === undefined,
  affine({ mean, standard_deviation }, channel, before, statistics) {
    if (mean !== undefined && standard_deviation !== undefined) {
      const deviation = valueAt(standard_deviation, channel);
      return { factor: 1 / deviation, offset: -valueAt(mean, channel) / deviation };
    }
    if (statistics === undefined) throw new Error('standardize needs statistics of the train part');
    const average = before.factor * valueAt(statistics.mean, channel) + before.offset;
    const deviation = before.factor * valueAt(statistics.standard_deviation, channel);
    const divisor = Math.max(deviation, epsilon);
    return { factor: 1 / divisor, offset: -average / divisor };
  },
  problems({ mean, standard_deviation }, path, channels) {
    if ((mean === undefined) !== (standard_deviation === undefined)) {
      const message = 'mean and standard_deviation go together';
      return [{ path, message, hint: 'Give both, or neither to measure them on the train part.' }];
    }
    return [
      ...lengthProblem(mean, [...path, 'mean'], channels),
      ...lengthProblem(standard_deviation, [...path, 'standard_deviation'], channels),
    ];
  },
});

const valueAt = (values: number | readonly number[], channel: number): number =>
  typeof values === 'number' ? values : (values[channel] ?? values[0] ?? 0);

function lengthProblem(
  values: number | readonly number[] | undefined,
  path: ConfigPath,
  channels: number | undefined,
): readonly Problem[] {
  if (values === undefined || typeof values === 'number' || channels === undefined) return [];
  if (values.length === channels) return [];
  return [{ path, message: `has ${values.length} numbers for ${channels} channels` }];
}
