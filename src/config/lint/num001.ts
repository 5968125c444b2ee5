import { defineRule } from './define.ts';

export const NUM001 = defineRule({
  id: 'NUM001',
  severity: 'warning',
  needs: 'result',
  description:
    'A log loss that is not below that of a uniform guess: the model has learned nothing, or its probabilities are wrong.',
  check: ({ result }) => {
    if (result.smoke) return [];
    const uniform = Math.log(result.dataset.classes.length);
    const completed = result.folds.filter(({ status }) => status === 'completed');
    const never = completed.filter(({ metrics }) => (metrics.log_loss ?? 0) >= uniform);
    if (never.length === 0) return [];
    return [
      {
        path: ['training'],
        message: `the log loss is not below ${uniform.toFixed(3)}, that of a uniform guess, in ${never.length} of ${completed.length} folds`,
        hint: 'look at the learning rate, the pixel scale and the last layer',
      },
    ];
  },
});
