import { indicesWithTwoRoles } from '../../split/splits-file.ts';
import { defineRule } from './define.ts';

export const LEAK003 = defineRule({
  id: 'LEAK003',
  severity: 'error',
  needs: 'data',
  description: 'A saved division in which one sample has two roles.',
  check: ({ folds }) =>
    folds.flatMap((fold) => {
      const twice = indicesWithTwoRoles(fold);
      if (twice.length === 0) return [];
      return [
        {
          path: ['split', 'strategy'],
          message: `fold ${fold.fold} gives ${twice.length} samples two roles, such as index ${twice[0]}`,
          hint: 'make the division again: train, validation and test must not overlap',
        },
      ];
    }),
});
