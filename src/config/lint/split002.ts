import { expectedFolds } from '../../split/split.ts';
import { strategies } from '../../split/strategies/index.ts';
import { classCounts } from './counts.ts';
import { defineRule } from './define.ts';

export const SPLIT002 = defineRule({
  id: 'SPLIT002',
  severity: 'error',
  needs: 'data',
  description: 'A class with fewer samples than folds: some folds could not test it.',
  check: ({ config, dataset }) => {
    const { strategy } = config.split;
    const definition = strategies[strategy.type];
    if (!('partitions' in definition) || strategy.type === 'leave_one_group_out') return [];
    const k = 'folds' in strategy ? strategy.folds : (expectedFolds(config.split) ?? 0);
    const counts = classCounts(dataset);
    const smallest = Math.min(...counts);
    if (smallest >= k) return [];
    return [
      {
        path: ['split', 'strategy'],
        message: `class ${dataset.classes[counts.indexOf(smallest)]} has ${smallest} samples, fewer than the ${k} folds`,
        hint:
          smallest >= 2
            ? `the largest number of folds that works is ${smallest}`
            : 'merge or leave out the class (preprocessing: merge_classes, select_classes)',
      },
    ];
  },
});
