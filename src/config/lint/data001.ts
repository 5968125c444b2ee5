import { plural } from './counts.ts';
import { defineRule } from './define.ts';

/** FER-2013 has identical pictures across its own Usage parts. */
export const DATA001 = defineRule({
  id: 'DATA001',
  severity: 'warning',
  needs: 'data',
  description:
    'Identical pictures: in two roles they let a model be tested on what it was trained on.',
  check: ({ config, dataset }) => {
    const { identical } = dataset.duplicates;
    if (identical.length === 0) return [];
    const samples = identical.reduce((sum, cluster) => sum + cluster.length, 0);
    const what = `${samples} samples are ${plural(identical.length, 'picture')} that occur more than once`;
    return [
      config.dataset.duplicates === 'keep'
        ? {
            path: ['dataset', 'duplicates'],
            message: `${what}, and nothing keeps them out of two roles`,
            hint: 'duplicates: group keeps each of them in one fold',
          }
        : { path: ['dataset'], message: `${what}; each stays in one fold` },
    ];
  },
});
