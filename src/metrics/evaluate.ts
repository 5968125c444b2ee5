/** Metrics of stored predictions. Throws ExperimentError where they are broken (NaN). */
import { Undefined } from './define.ts';
import { gatherEvidence } from './evidence.ts';
import { classMetrics } from './index.ts';
import { computeMetric, expandMetrics } from './names.ts';
import type { Predictions } from './predictions.ts';
import { type ReliabilityBin, reliability } from './statistics/reliability.ts';

export type Evaluation = {
  /** By key of the result; null where it cannot be computed. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Why a metric is null. */
  readonly reasons: Readonly<Record<string, string>>;
};

export type ClassRow = {
  readonly class: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly support: number;
};

/** The metrics of a `metrics:` list, families spread out. */
export function evaluate(predictions: Predictions, names: readonly string[]): Evaluation {
  const evidence = gatherEvidence(predictions);
  const metrics: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const name of expandMetrics(names, predictions.classes)) {
    const value = attempt(() => computeMetric(name, evidence));
    metrics[name] = typeof value === 'number' ? value : null;
    if (typeof value === 'string') reasons[name] = value;
  }
  return { metrics, reasons };
}

/** Precision, recall, F1 and support of each class, in class order. */
export function perClass(predictions: Predictions): readonly ClassRow[] {
  const evidence = gatherEvidence(predictions);
  const of = (family: keyof typeof classMetrics, label: number): number | null => {
    const value = attempt(() => classMetrics[family].compute(evidence, label));
    return typeof value === 'number' ? value : null;
  };
  return predictions.classes.map((name, label) => ({
    class: name,
    precision: of('precision', label),
    recall: of('recall', label),
    f1: of('f1', label),
    support: evidence.support[label] ?? 0,
  }));
}

/** [true][predicted] counts. */
export const confusionMatrix = (predictions: Predictions): readonly (readonly number[])[] =>
  gatherEvidence(predictions).confusion;

/** Confidence against accuracy in 15 bins. */
export const reliabilityCurve = (predictions: Predictions): readonly ReliabilityBin[] =>
  reliability(gatherEvidence(predictions));

/** The value, or the reason why there is none. */
function attempt(compute: () => number): number | string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Undefined) return error.message;
    throw error;
  }
}
