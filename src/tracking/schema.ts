import type { Infer, Schema } from '../schema/json-schema.ts';

const mlflowSchema = {
  type: 'object',
  description:
    'MLflow. A run is sent while it trains when `uri` or MLFLOW_TRACKING_URI names a server; ' +
    'otherwise `foldwise ui` or `foldwise sync` send it later.',
  properties: {
    experiment: {
      type: 'string',
      minLength: 1,
      description:
        'The MLflow experiment that the run belongs to. Without it MLFLOW_EXPERIMENT_NAME, ' +
        "otherwise the experiment's `name`.",
      examples: ['fer2013'],
    },
    uri: {
      type: 'string',
      pattern: '^https?://[^@\\s]+$',
      description:
        'Address of the tracking server, without user or password: those come from ' +
        'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN or ' +
        '~/.mlflow/credentials.',
      examples: ['http://127.0.0.1:5000'],
    },
    run_name: {
      type: 'string',
      minLength: 1,
      description: "What the run is called in MLflow. Without it the experiment's name and run-id.",
      examples: ['baseline'],
    },
    tags: {
      type: 'object',
      description: 'Tags of your own on the run.',
      propertyNames: { pattern: '^(?!mlflow\\.|foldwise\\.)[\\w.\\- ]{1,250}$' },
      additionalProperties: { type: 'string', description: 'The value of the tag.' },
      examples: [{ team: 'vision' }],
    },
  },
  additionalProperties: false,
} as const satisfies Schema;

export const trackingSchema = {
  description: 'Where runs are tracked besides their own directory.',
  default: { mlflow: {} },
  examples: [{ mlflow: { experiment: 'fer2013' } }, 'none'],
  anyOf: [
    { type: 'string', const: 'none', description: 'Nowhere.' },
    {
      type: 'object',
      description: 'In MLflow.',
      properties: { mlflow: mlflowSchema },
      additionalProperties: false,
    },
  ],
} as const satisfies Schema;

export type TrackingConfig = Infer<typeof trackingSchema>;
export type MlflowConfig = Infer<typeof mlflowSchema>;
