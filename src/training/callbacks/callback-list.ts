/** The callbacks of a fold together, in the order of the file. */
import type { CallbackAction, CallbackDefinition, CallbackState, EpochEnd } from './define.ts';
import { type CallbackConfig, callbacks } from './index.ts';

/** States in the order of the config, plain JSON. */
export type CallbackStates = readonly CallbackState[];

/** What a callback asked for; `callback` is its place in the list. */
export type RequestedAction = CallbackAction & { readonly callback: number };

// The entry under a config's own `type` takes that config; TypeScript cannot follow the pairing.
const definitionOf = ({ type }: CallbackConfig) => callbacks[type] as CallbackDefinition;

/**
 * States before the first epoch of a phase. A phase is one `fit` of Keras: there only
 * model_checkpoint goes on from where it was.
 */
export function startCallbacks(
  configs: readonly CallbackConfig[],
  earlier?: CallbackStates,
): CallbackStates {
  return configs.map((config, index) => {
    const kept = config.type === 'model_checkpoint' ? earlier?.[index] : undefined;
    return kept ?? definitionOf(config).start(config as never);
  });
}

/** The learning rate that the callbacks set for an epoch (counted from 0 in its phase), if any. */
export function learningRateForEpoch(
  configs: readonly CallbackConfig[],
  epoch: number,
): number | undefined {
  return configs
    .map((config) => definitionOf(config).learningRate?.(config as never, epoch))
    .findLast((rate) => rate !== undefined);
}

/** Lets every callback see the end of an epoch; each sees the learning rate that those before set. */
export function endEpoch(
  configs: readonly CallbackConfig[],
  states: CallbackStates,
  end: EpochEnd,
): { readonly states: CallbackStates; readonly actions: readonly RequestedAction[] } {
  let { learningRate } = end;
  const actions: RequestedAction[] = [];
  const next = configs.map((config, callback) => {
    const before = states[callback] ?? definitionOf(config).start(config as never);
    const result = definitionOf(config).onEpochEnd?.(config as never, before, {
      ...end,
      learningRate,
    });
    for (const action of result?.actions ?? []) {
      actions.push({ ...action, callback });
      if (action.kind === 'set_learning_rate') learningRate = Math.fround(action.value);
    }
    return result?.state ?? before;
  });
  return { states: next, actions };
}
