/** The range of k standard normal values: the studentized range with infinite degrees of freedom. */
import { invert, normalTail } from '../../metrics/statistics/special-functions.ts';

/** Trapezoids this wide are exact to about 1e-15 here: the integrand is smooth and dies away. */
const step = 0.05;
/** The normal density is below 1e-17 beyond. */
const reach = 9;

/** P(range > q) of k values: 1 − k ∫ φ(z) [Φ(z) − Φ(z − q)]ᵏ⁻¹ dz, z being the largest. */
export function studentizedRangeTail(q: number, k: number): number {
  if (q <= 0) return 1;
  let inside = 0;
  for (let z = -reach; z <= reach; z += step) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    inside += density * (normalTail(z - q) - normalTail(z)) ** (k - 1);
  }
  return Math.max(0, 1 - k * inside * step);
}

/** The q that the range stays below with probability `p`. */
export const studentizedRangeQuantile = (p: number, k: number): number =>
  invert((q) => 1 - studentizedRangeTail(q, k), p, 0, 20);
