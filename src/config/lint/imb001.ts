import { classCounts } from './counts.ts';
import { defineRule } from './define.ts';

/** Beyond this ratio averages hide the smallest class (FER-2013: 16.4, disgust never recognised). */
const mostImbalance = 5;

export const IMB001 = defineRule({
  id: 'IMB001',
  severity: 'warning',
  needs: 'data',
  description:
    'A class much smaller than another, and nothing that weighs, samples or guards it: averages hide it.',
  check: ({ config, dataset }) => {
    const counts = classCounts(dataset);
    const [largest, smallest] = [Math.max(...counts), Math.min(...counts)];
    const { class_weight, sampling } = config.training;
    const guarded = (config.thresholds ?? []).some(({ metric }) => metric.includes('['));
    if (largest <= mostImbalance * smallest || class_weight !== 'none' || sampling !== 'none')
      return [];
    if (guarded) return [];
    const name = (count: number) => dataset.classes[counts.indexOf(count)];
    return [
      {
        path: ['dataset'],
        message: `${name(largest)} has ${largest} samples, ${name(smallest)} has ${smallest} (${(largest / smallest).toFixed(1)} times fewer)`,
        hint: `set training.class_weight: balanced, sampling, or a threshold on "recall[${name(smallest)}]"`,
      },
    ];
  },
});
