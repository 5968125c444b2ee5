/** Parameters of a run: what was set before training. MLflow keeps them as text, once and for all. */
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { isMapping, type Mapping } from '../mapping.ts';
import { limits, metricKey, text } from './values.ts';

/** Sections that say nothing about what is learned. */
const leftOut = new Set(['name', 'description', 'tracking', 'report', 'execution', 'thresholds']);

/**
 * The config as `training.optimizer.learning_rate` → `0.001`, lists as JSON, and the model's size.
 * config.yaml, which is stored with the run, has all of it in full.
 */
export const runParams = (
  config: Mapping,
  result: ExperimentResult | null,
): Record<string, string> => {
  const sections = Object.entries(config).filter(([key]) => !leftOut.has(key));
  const parameters = result?.model.parameters;
  return {
    ...flatten(Object.fromEntries(sections)),
    ...(parameters === undefined
      ? {}
      : {
          'model.parameters': `${parameters.total}`,
          'model.trainable_parameters': `${parameters.trainable}`,
        }),
  };
};

/** What only this fold has. */
export const foldParams = (
  fold: number,
  result: ExperimentResult | null,
): Record<string, string> => {
  const outcome = result?.folds.find((other) => other.fold === fold);
  const sizes = result?.split.folds.find((part) => part.fold === outcome?.partition);
  return {
    fold: `${fold}`,
    ...(outcome === undefined ? {} : { repeat: `${outcome.repeat}`, seed: `${outcome.seed}` }),
    ...(sizes === undefined
      ? {}
      : {
          train_samples: `${sizes.train}`,
          validation_samples: `${sizes.validation}`,
          test_samples: `${sizes.test}`,
        }),
  };
};

const flatten = (value: unknown, path = ''): Record<string, string> => {
  if (isMapping(value) && Object.keys(value).length > 0) {
    const parts = Object.entries(value).map(([key, item]) =>
      flatten(item, path === '' ? metricKey(key) : `${path}.${metricKey(key)}`),
    );
    return Object.assign({}, ...parts);
  }
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return { [path.slice(0, limits.key)]: text(shown, limits.param) };
};
