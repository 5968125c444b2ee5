/** Student's t distribution. */
import { incompleteBeta, invert } from './special-functions.ts';

/** P(|T| > |t|) with `df` degrees of freedom: the two-sided p-value. */
export const studentTwoSided = (t: number, df: number): number =>
  incompleteBeta(df / (df + t * t), df / 2, 0.5);

/** The t that T stays below with probability `p`, 0.5 ≤ p < 1. */
export function studentQuantile(p: number, df: number): number {
  const below = (t: number) => 1 - studentTwoSided(t, df) / 2;
  let high = 2;
  while (below(high) < p) high *= 2;
  return invert(below, p, 0, high);
}
