import { defineCallback } from './define.ts';
import { isImprovement, monitored, monitorOptions } from './monitor.ts';

/** keras.callbacks.EarlyStopping: same defaults, same epochs. */
export const earlyStopping = defineCallback({
  schema: {
    type: 'object',
    description: 'Stops when a monitored value has stopped improving.',
    properties: {
      type: { type: 'string', const: 'early_stopping', description: 'Name of the callback.' },
      ...monitorOptions,
      min_delta: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Smallest change that counts as an improvement.',
      },
      patience: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Epochs without improvement after which training stops.',
      },
      baseline: {
        type: 'number',
        description: 'Value that has to be beaten before waiting starts anew.',
        examples: [0.5],
      },
      restore_best_weights: {
        type: 'boolean',
        default: false,
        description: 'Take the weights of the best epoch at the end, whether stopped or not.',
      },
      start_from_epoch: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Epochs to let pass before watching begins.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  start: (): { best: number | null; wait: number } => ({ best: null, wait: 0 }),
  onEpochEnd(config, state, { epoch, values }) {
    const current = monitored(values, config.monitor);
    if (current === undefined || epoch < config.start_from_epoch) return { state, actions: [] };
    const wait = state.wait + 1;
    if (isImprovement(config, config.min_delta, current, state.best)) {
      const beatsBaseline =
        config.baseline === undefined ||
        isImprovement(config, config.min_delta, current, config.baseline);
      return {
        state: { best: current, wait: beatsBaseline ? 0 : wait },
        actions: config.restore_best_weights ? [{ kind: 'keep_weights' }] : [],
      };
    }
    // Keras never stops after its very first epoch.
    const stop = wait >= config.patience && epoch > 0;
    const reason = `${config.monitor} did not improve for ${wait} epochs`;
    return { state: { ...state, wait }, actions: stop ? [{ kind: 'stop', reason }] : [] };
  },
});
