/** How much of the spread comes from the folds and how much from the seeds of the training. */
import { mean, standardDeviation } from './mean.ts';

export type VarianceComponents = {
  /** Standard deviation between folds, that of the seeds taken out. */
  readonly fold: number;
  /** Standard deviation between trainings of one fold with different seeds. */
  readonly seed: number;
};

/**
 * One-way random effects (analysis of variance) of `values` [folds][seeds], as many seeds in each
 * fold. Null with fewer than two of either.
 */
export function varianceComponents(
  values: readonly (readonly number[])[],
): VarianceComponents | null {
  const seeds = values[0]?.length ?? 0;
  if (values.length < 2 || seeds < 2) return null;
  const within = mean(values.map((row) => standardDeviation(row) ** 2));
  const between = standardDeviation(values.map(mean)) ** 2 - within / seeds;
  return { fold: Math.sqrt(Math.max(0, between)), seed: Math.sqrt(within) };
}
