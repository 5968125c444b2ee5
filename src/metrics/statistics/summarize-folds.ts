/** What the folds of a run say together about one metric. */
import { correctedInterval, type FoldSize } from './corrected-variance.ts';
import { mean, standardDeviation } from './mean.ts';

export type FoldsSummary = {
  readonly mean: number | null;
  /** Standard deviation over folds, n − 1; null for one fold. */
  readonly sd: number | null;
  /** 95 % interval of the mean with the corrected variance; null for one fold. */
  readonly ci95: readonly [number, number] | null;
  /** Folds that have a value. */
  readonly n: number;
  /** The metric over all out-of-fold predictions together. */
  readonly pooled: number | null;
};

/**
 * `values` has an entry for every fold that the experiment should have, null where it is missing or
 * could not be computed: then there is no mean, because a mean over the rest is another quantity.
 */
export function summarizeFolds(
  values: readonly (number | null)[],
  sizes: readonly FoldSize[],
  pooled: number | null,
): FoldsSummary {
  const present = values.filter((value) => value !== null);
  if (present.length < values.length || present.length === 0)
    return { mean: null, sd: null, ci95: null, n: present.length, pooled };
  return {
    mean: mean(present),
    sd: present.length > 1 ? standardDeviation(present) : null,
    ci95: correctedInterval(present, sizes),
    n: present.length,
    pooled,
  };
}
