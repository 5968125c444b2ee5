import type { SplitConfig } from '../../split/schema.ts';
import { defineRule } from './define.ts';

export const SPLIT001 = defineRule({
  id: 'SPLIT001',
  severity: 'warning',
  needs: 'config',
  description:
    'Folds that do not keep the shares of the classes: rare classes may be missing from a fold, ' +
    'and the scores of folds vary more than they need to.',
  check: ({ config }) => {
    const instead = stratifiedForm(config.split.strategy);
    if (instead === undefined) return [];
    const { type } = config.split.strategy;
    return [
      {
        path: ['split', 'strategy'],
        message: `${type} does not keep the shares of the classes in each fold`,
        hint: `${instead} does`,
      },
    ];
  },
});

const stratifiedForm = (strategy: SplitConfig['strategy']): string | undefined => {
  if (strategy.type === 'holdout') return strategy.stratified ? undefined : '`stratified: true`';
  const forms: Readonly<Record<string, string>> = {
    k_fold: 'stratified_k_fold',
    group_k_fold: 'stratified_group_k_fold',
    repeated_k_fold: 'repeated_stratified_k_fold',
    shuffle_split: 'stratified_shuffle_split',
  };
  return forms[strategy.type];
};
