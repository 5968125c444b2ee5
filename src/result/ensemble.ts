/** Several models' predictions of the same samples as those of one. */
import type { Predictions } from '../metrics/predictions.ts';

/** Mean probabilities of all folds' models. */
export function ensembleOf(predictions: readonly Predictions[]): Predictions {
  const [first] = predictions;
  if (!first) throw new Error('an ensemble of no models');
  const probabilities = new Float64Array(first.probabilities.length);
  for (const one of predictions)
    one.probabilities.forEach((value, i) => {
      probabilities[i] = (probabilities[i] ?? 0) + value / predictions.length;
    });
  return { ...first, probabilities };
}
