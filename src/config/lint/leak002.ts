import { defineRule } from './define.ts';

export const LEAK002 = defineRule({
  id: 'LEAK002',
  severity: 'warning',
  needs: 'config',
  description:
    'standardize with a given mean or standard deviation: numbers that were measured on all ' +
    'samples carry the test part into training.',
  check: ({ config }) =>
    (config.dataset.preprocessing ?? []).flatMap((step, index) =>
      step.type === 'standardize' &&
      (step.mean !== undefined || step.standard_deviation !== undefined)
        ? [
            {
              path: ['dataset', 'preprocessing', index],
              message: 'the given mean and standard deviation may know the test part',
              hint: 'leave them out: they are measured on the train part of each fold',
            },
          ]
        : [],
    ),
});
