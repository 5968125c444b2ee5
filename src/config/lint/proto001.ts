import { totalEpochs } from '../../training/phases.ts';
import { defineRule } from './define.ts';

export const PROTO001 = defineRule({
  id: 'PROTO001',
  severity: 'warning',
  needs: 'config',
  description:
    'Variants of a study with different budgets: a difference between them may come from that alone.',
  check: ({ variantConfigs = {} }) => {
    const budgets = Object.entries(variantConfigs).map(([name, config]) => ({
      name,
      epochs: totalEpochs(config.training),
    }));
    if (new Set(budgets.map(({ epochs }) => epochs)).size < 2) return [];
    return [
      {
        path: ['training'],
        message: `the variants have different budgets: ${budgets
          .map(({ name, epochs }) => `${name} ${epochs} epochs`)
          .join(', ')}`,
        hint: 'give all of them the same epochs; early_stopping may end each when it is done',
      },
    ];
  },
});
