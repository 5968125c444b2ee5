import type { Fold } from '../../split/fold.ts';
import { strategies } from '../../split/strategies/index.ts';
import { plural } from './counts.ts';
import { defineRule } from './define.ts';

export const DATA003 = defineRule({
  id: 'DATA003',
  severity: 'error',
  needs: 'data',
  description:
    'Identical pictures across the roles of a division that the data or a file fix, so that nothing could keep them together.',
  check: ({ config, dataset, folds }) => {
    const { strategy } = config.split;
    const isFixed = 'fixed' in strategies[strategy.type] && strategies[strategy.type].fixed;
    if (!isFixed || config.dataset.duplicates !== 'group') return [];
    const across = dataset.duplicates.identical.filter((cluster) =>
      folds.some((fold) => rolesOf(fold, cluster) > 1),
    );
    if (across.length === 0) return [];
    return [
      {
        path: ['split', 'strategy'],
        message: `${plural(across.length, 'picture')} stand in more than one role of the fixed division, such as ${(
          across[0] ?? []
        )
          .slice(0, 2)
          .map((index) => dataset.origins[index])
          .join(' and ')}`,
        hint: 'dataset.duplicates: drop takes the copies out, keep accepts them',
      },
    ];
  },
});

/** How many roles of a fold hold members of the cluster. */
function rolesOf({ train, validation, test }: Fold, cluster: readonly number[]): number {
  const members = new Set(cluster);
  return [train, validation, test].filter((role) => role.some((index) => members.has(index)))
    .length;
}
