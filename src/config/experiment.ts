/** The experiment file: each top-level mapping is owned by the src/ folder of the same name. */
import { datasetSchema } from '../dataset/schema.ts';
import { executionSchema } from '../execution/schema.ts';
import { metricsSchema } from '../metrics/schema.ts';
import { modelSchema } from '../model/schema.ts';
import { reportSchema } from '../report/schema.ts';
import type { Infer, ObjectSchema } from '../schema/json-schema.ts';
import { splitSchema } from '../split/schema.ts';
import { thresholdsSchema } from '../thresholds/schema.ts';
import { trackingSchema } from '../tracking/schema.ts';
import { trainingSchema } from '../training/schema.ts';

/** What `name` may be: it names directories and MLflow runs. */
export const namePattern = '^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}$';

export const experimentSchema = {
  type: 'object',
  description: 'A cross-validated image classification experiment.',
  properties: {
    name: {
      type: 'string',
      pattern: namePattern,
      description: "Names the runs, in reports and MLflow; the file's name if left out.",
      examples: ['resnet50-fer2013'],
    },
    description: {
      type: 'string',
      description: 'What the experiment is for; shown in the report.',
      examples: ['Frozen ResNet50 with a dense head.'],
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      description: 'All randomness comes from it: splits, initial weights, shuffling, dropout.',
      default: 42,
      examples: [42],
    },
    seeds: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description:
        'Trainings of every fold, each with a seed of its own: separates the spread of the folds ' +
        'from that of the seeds.',
      default: 1,
      examples: [3],
    },
    dataset: datasetSchema,
    split: { ...splitSchema, default: {} },
    model: modelSchema,
    training: trainingSchema,
    metrics: metricsSchema,
    thresholds: thresholdsSchema,
    lint: {
      type: 'object',
      description: 'Lint rules to switch off, each with a reason that the report prints.',
      additionalProperties: {
        type: 'object',
        description: 'How this rule is treated.',
        properties: {
          off: {
            type: 'string',
            minLength: 1,
            description: 'Why the rule does not apply here.',
            examples: ['the imbalance is what we study'],
          },
        },
        required: ['off'],
        additionalProperties: false,
      },
      default: {},
      examples: [{ IMB001: { off: 'the imbalance is what we study' } }],
    },
    tracking: trackingSchema,
    report: reportSchema,
    execution: executionSchema,
  },
  required: ['name', 'dataset', 'model'],
  additionalProperties: false,
} as const satisfies ObjectSchema;

/** A checked experiment: defaults filled in, bare names expanded, paths absolute. */
export type ExperimentConfig = Infer<typeof experimentSchema>;
