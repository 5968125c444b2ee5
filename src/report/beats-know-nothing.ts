import { direction } from '../metrics/names.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';

/** Sums of the same numbers in another order differ by as much; metrics are held to 1e-10. */
const rounding = 1e-10;

/** False where a predictor that never looks at the picture does as well; null where unknown. */
export function beatsKnowNothing(
  { know_nothing, summary }: Pick<ExperimentResult, 'know_nothing' | 'summary'>,
  name: string,
): boolean | null {
  const score = know_nothing[name] ?? null;
  const mean = summary[name]?.mean ?? null;
  if (score === null || mean === null) return null;
  return direction(name) === 'max' ? mean > score + rounding : mean < score - rounding;
}
