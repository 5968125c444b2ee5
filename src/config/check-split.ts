/** What `split` asks of the dataset that the config alone shows to be missing. Pure. */
import type { DatasetDescription } from '../dataset/describe.ts';
import type { Problem } from '../errors.ts';
import type { SplitConfig } from '../split/schema.ts';
import { keepsGroups } from '../split/split.ts';

/** Paths start at the section. */
export const splitProblems = (
  config: SplitConfig,
  { hasParts, hasGroups, samples }: Pick<DatasetDescription, 'hasParts' | 'hasGroups' | 'samples'>,
): readonly Problem[] => {
  const { strategy } = config;
  const path = ['strategy'];
  if (strategy.type === 'predefined' && strategy.path === undefined && hasParts === false)
    return [
      {
        path,
        message: 'the dataset comes in one piece: it has no parts to be split by',
        hint: 'give `path` to a splits.json, or take stratified_k_fold',
      },
    ];
  if (keepsGroups(config) && hasGroups === false)
    return [
      {
        path,
        message: `${strategy.type} needs groups, and the dataset has none`,
        hint: 'name them under `dataset.groups`, or take stratified_k_fold',
      },
    ];
  if ('folds' in strategy && samples !== undefined && strategy.folds > samples)
    return [
      {
        path: ['strategy', 'folds'],
        message: `${strategy.folds} folds of ${samples} samples: some would be empty`,
      },
    ];
  return [];
};
