import { plural } from './counts.ts';
import { defineRule } from './define.ts';

export const DATA002 = defineRule({
  id: 'DATA002',
  severity: 'warning',
  needs: 'data',
  description: 'The same picture under two labels: no model can be right about both.',
  check: ({ dataset: { duplicates, labels, classes, origins } }) =>
    duplicates.conflicting.length === 0
      ? []
      : [
          {
            path: ['dataset'],
            message: `${plural(duplicates.conflicting.length, 'picture')} with more than one label, such as ${(
              duplicates.conflicting[0] ?? []
            )
              .slice(0, 2)
              .map((index) => `${origins[index]} (${classes[labels[index] ?? 0]})`)
              .join(' and ')}`,
            hint: 'look at them: the report shows them',
          },
        ],
});
