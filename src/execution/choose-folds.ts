/** `--folds 0,3`: some of the folds only. */
import { ExperimentError } from '../errors.ts';
import type { Fold } from '../split/fold.ts';

export function chooseFolds(
  folds: readonly Fold[],
  wanted: readonly number[] | undefined,
): readonly Fold[] {
  if (!wanted) return folds;
  const unknown = wanted.filter((number) => !folds.some(({ fold }) => fold === number));
  if (unknown.length > 0)
    throw new ExperimentError(
      'USAGE',
      `there is no fold ${unknown.join(', ')}`,
      `The folds are 0 … ${folds.length - 1}.`,
    );
  return folds.filter(({ fold }) => wanted.includes(fold));
}
