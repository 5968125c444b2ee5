/** Scores that are reached without looking at a picture: the line that a model must be above. */
import { resolveMetric } from './names.ts';

/**
 * The best score of a metric without inputs, for class shares that sum to 1, in class order. Null
 * where there is none (recall of a class, calibration, the loss). `classes` are needed for the
 * metrics of one class.
 */
export function knowNothing(
  name: string,
  shares: readonly number[],
  classes: readonly string[] = [],
): number | null {
  const of = resolveMetric(name, classes)?.of;
  if (!of) return null;
  return of.kind === 'class'
    ? (of.definition.knowNothing?.score(shares[of.label] ?? 0) ?? null)
    : (of.definition.knowNothing?.score(shares) ?? null);
}

/** The same where the number of classes alone decides it; null where the shares are needed. */
export function knowNothingByCount(name: string, classes: number): number | null {
  const of = resolveMetric(name, [])?.of;
  if (of?.kind !== 'whole' || of.definition.knowNothing?.needsShares !== false) return null;
  return of.definition.knowNothing.score(new Array<number>(classes).fill(1 / classes));
}

/** "At or worse than knowing nothing", which no threshold may be. */
export const noBetterThan = (value: number, score: number, direction: 'max' | 'min'): boolean =>
  direction === 'max' ? value <= score : value >= score;
