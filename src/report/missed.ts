/** By how much a bound was missed. */
import type { ThresholdCheck } from '../result/experiment-result.ts';
import { formatValue } from './format.ts';

/** `by 0.0421`; empty where the check held or was not judged. */
export function missedBy({ bound, observed, passed }: ThresholdCheck): string {
  // The bound as shown ends in its number, with a baseline too: `>= baseline - 0.01 = 0.62`.
  const limit = Number(bound.split(' ').at(-1));
  if (passed !== false || observed === null || Number.isNaN(limit)) return '';
  return `by ${distance(Math.abs(limit - observed))}`;
}

/** Four decimals unless they would all be 0: a miss is never by nothing. */
const distance = (gap: number): string => (gap >= 0.00005 ? formatValue(gap) : gap.toPrecision(2));
