/** `thresholds`: what the results must hold, each a metric with a bound. */
import type { Infer, Schema } from '../schema/json-schema.ts';

/** What of the folds may be judged. */
export const statistics = ['mean', 'min', 'pooled', 'ci95_lower', 'sd'] as const;

const thresholdSchema = {
  type: 'object',
  description: 'One bound on one metric: `min`, `max` or `not_worse_than`.',
  properties: {
    metric: {
      type: 'string',
      minLength: 1,
      description:
        'A metric, or one of a class: `accuracy`, `f1_macro`, `"recall[disgust]"` (in quotes).',
      examples: ['accuracy', 'f1_macro', 'recall[disgust]'],
    },
    min: { type: 'number', description: 'The least that is accepted.', examples: [0.6] },
    max: { type: 'number', description: 'The most that is accepted.', examples: [0.05] },
    not_worse_than: {
      type: 'string',
      const: 'baseline',
      description:
        'Compare with the committed baseline, `<experiment>.baseline.yaml` beside the experiment.',
      examples: ['baseline'],
    },
    margin: {
      type: 'number',
      minimum: 0,
      description: 'How much worse than the baseline is still accepted.',
      default: 0,
      examples: [0.01],
    },
    statistic: {
      type: 'string',
      enum: statistics,
      description:
        'What of the folds is judged: their mean, the worst fold, the metric over all out-of-fold ' +
        'predictions together, the lower end of the 95 % interval, or the standard deviation.',
      default: 'mean',
      examples: ['mean', 'ci95_lower'],
    },
  },
  required: ['metric'],
  additionalProperties: false,
} as const satisfies Schema;

export const thresholdsSchema = {
  type: 'array',
  minItems: 1,
  items: thresholdSchema,
  description: 'What the results must hold. The exit code is 1 when one of them is missed.',
  examples: [[{ metric: 'accuracy', min: 0.35 }]],
} as const satisfies Schema;

export type Threshold = Infer<typeof thresholdSchema>;
export type ThresholdsConfig = Infer<typeof thresholdsSchema>;
