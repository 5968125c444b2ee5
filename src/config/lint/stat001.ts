import { upperIncompleteGamma } from '../../metrics/statistics/special-functions.ts';
import { expectedFolds } from '../../split/split.ts';
import { defineRule } from './define.ts';

export const STAT001 = defineRule({
  id: 'STAT001',
  severity: 'warning',
  needs: 'config',
  description:
    'A comparison that can never be significant with this number of folds, whatever the models do.',
  check: ({ config, variants, folds }) => {
    const k = folds?.length ?? expectedFolds(config.split);
    if (k === null) return [];
    const isCompared = variants > 1 || comparesWithBaseline(config.thresholds ?? []);
    const path = ['split', 'strategy'];
    if (isCompared && k < 2)
      return [
        {
          path,
          message: 'one fold has no spread: a difference between runs can never be told from noise',
          hint: 'use stratified_k_fold',
        },
      ];
    const best = smallestFriedmanP(variants, k);
    if (variants < 2 || best <= 0.05) return [];
    return [
      {
        path,
        message: `the Friedman test of ${variants} variants on ${k} folds cannot come below p = ${best.toFixed(3)}`,
        hint: `take ${foldsForFriedman(variants)} folds or more`,
      },
    ];
  },
});

const comparesWithBaseline = (thresholds: readonly { not_worse_than?: unknown }[]): boolean =>
  thresholds.some(({ not_worse_than }) => not_worse_than !== undefined);

/**
 * p of the Friedman test where every fold ranks the models alike: the chi-square statistic is then
 * k (m − 1), its largest (Demšar 2006, "Statistical comparisons of classifiers", section 3.2.2).
 */
const smallestFriedmanP = (models: number, folds: number): number =>
  models < 2 ? 0 : upperIncompleteGamma((models - 1) / 2, (folds * (models - 1)) / 2);

const foldsForFriedman = (models: number): number => {
  let folds = 2;
  while (smallestFriedmanP(models, folds) > 0.05) folds += 1;
  return folds;
};
