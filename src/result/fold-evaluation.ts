/** What stored predictions of one fold come to: every reported number is computed here. */
import { confusionMatrix, evaluate, perClass, reliabilityCurve } from '../metrics/evaluate.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { wilsonInterval } from '../metrics/statistics/wilson.ts';
import type { FoldRecord, Pooled } from './experiment-result.ts';

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

/** All out-of-fold predictions together. */
export function evaluatePooled(predictions: Predictions): Pooled {
  const confusion = confusionMatrix(predictions);
  return {
    per_class: perClass(predictions).map((row, label) => ({
      ...row,
      recall_ci95: wilsonInterval(confusion[label]?.[label] ?? 0, row.support),
    })),
    confusion_matrix: confusion,
    calibration: reliabilityCurve(predictions),
  };
}
