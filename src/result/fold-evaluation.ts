/** What stored predictions of one fold come to: every reported number is computed here. */
import { confusionMatrix, evaluate, perClass } from '../metrics/evaluate.ts';
import type { Predictions } from '../metrics/predictions.ts';
import type { FoldRecord } from './experiment-result.ts';

export type FoldEvaluation = Pick<
  FoldRecord,
  'metrics' | 'reasons' | 'per_class' | 'confusion_matrix'
>;

/** `names` are single numbers (families expanded). */
export function evaluateFold(predictions: Predictions, names: readonly string[]): FoldEvaluation {
  const { metrics, reasons } = evaluate(predictions, names);
  return {
    metrics,
    reasons,
    per_class: perClass(predictions),
    confusion_matrix: confusionMatrix(predictions),
  };
}

/** A fold without predictions. */
export const noEvaluation: FoldEvaluation = {
  metrics: {},
  reasons: {},
  per_class: [],
  confusion_matrix: [],
};
