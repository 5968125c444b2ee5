import { totalEpochs } from '../../training/phases.ts';
import { defineRule } from './define.ts';

export const PROTO002 = defineRule({
  id: 'PROTO002',
  severity: 'warning',
  needs: 'result',
  description:
    'The best epoch is the last allowed one in most folds: the model was still getting better.',
  check: ({ config, result }) => {
    if (result.smoke || result.selection.rule === 'last_epoch') return [];
    const last = totalEpochs(config.training);
    const completed = result.folds.filter(({ status }) => status === 'completed');
    const atTheEnd = completed.filter(({ best_epoch }) => best_epoch === last).length;
    if (atTheEnd <= completed.length / 2) return [];
    return [
      {
        path: ['training', 'epochs'],
        message: `the best epoch is the last one (${last}) in ${atTheEnd} of ${completed.length} folds`,
        hint: 'allow more epochs',
      },
    ];
  },
});
