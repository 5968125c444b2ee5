import { defineCallback } from './define.ts';
import { isImprovement, monitored, monitorOptions } from './monitor.ts';

/** keras.callbacks.ModelCheckpoint; the weights that it keeps last are the model's. */
export const modelCheckpoint = defineCallback({
  schema: {
    type: 'object',
    description: 'Keeps the weights of the best epoch by a monitored value (or of every epoch).',
    properties: {
      type: { type: 'string', const: 'model_checkpoint', description: 'Name of the callback.' },
      ...monitorOptions,
      save_best_only: {
        type: 'boolean',
        default: false,
        description: 'Keep an epoch only when it is the best so far.',
      },
      initial_value_threshold: {
        type: 'number',
        description: 'Value that an epoch has to beat to be kept at all.',
        examples: [0.5],
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  start: ({ initial_value_threshold }): { best: number | null } => ({
    best: initial_value_threshold ?? null,
  }),
  onEpochEnd(config, state, { values }) {
    const keep = [{ kind: 'keep_weights' }] as const;
    const current = monitored(values, config.monitor);
    // Keras keeps every epoch, too, where the value is not there to compare.
    if (!config.save_best_only || current === undefined) return { state, actions: keep };
    return isImprovement(config, 0, current, state.best)
      ? { state: { best: current }, actions: keep }
      : { state, actions: [] };
  },
});
