import { defineCallback } from './define.ts';
import { isImprovement, monitored, monitorOptions } from './monitor.ts';

/** keras.callbacks.ReduceLROnPlateau: same defaults, same epochs, same float32 learning rates. */
export const reduceLrOnPlateau = defineCallback({
  schema: {
    type: 'object',
    description: 'Lowers the learning rate when a monitored value has stopped improving.',
    properties: {
      type: { type: 'string', const: 'reduce_lr_on_plateau', description: 'Name of the callback.' },
      ...monitorOptions,
      factor: {
        type: 'number',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        default: 0.1,
        description: 'What the learning rate is multiplied by.',
      },
      patience: {
        type: 'integer',
        minimum: 0,
        default: 10,
        description: 'Epochs without improvement after which the learning rate is lowered.',
      },
      min_delta: {
        type: 'number',
        minimum: 0,
        default: 0.0001,
        description: 'Smallest change that counts as an improvement.',
      },
      cooldown: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Epochs to wait after lowering before watching begins again.',
      },
      min_lr: { type: 'number', minimum: 0, default: 0, description: 'Lowest learning rate.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  start: (): { best: number | null; wait: number; cooldown: number } => ({
    best: null,
    wait: 0,
    cooldown: 0,
  }),
  onEpochEnd(config, state, { values, learningRate }) {
    const current = monitored(values, config.monitor);
    if (current === undefined) return { state, actions: [] };
    const cooldown = Math.max(0, state.cooldown - 1);
    // The epoch that ends the cooldown does not count as waiting either.
    const before = state.cooldown > 0 ? 0 : state.wait;
    if (isImprovement(config, config.min_delta, current, state.best)) {
      return { state: { best: current, wait: 0, cooldown }, actions: [] };
    }
    if (cooldown > 0) return { state: { ...state, wait: before, cooldown }, actions: [] };
    const wait = before + 1;
    if (wait < config.patience || learningRate <= Math.fround(config.min_lr)) {
      return { state: { ...state, wait, cooldown }, actions: [] };
    }
    const value = Math.max(learningRate * config.factor, config.min_lr);
    return {
      state: { ...state, wait: 0, cooldown: config.cooldown },
      actions: [{ kind: 'set_learning_rate', value }],
    };
  },
});
