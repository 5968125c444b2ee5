/** Values of the monitored metrics after an epoch. */
import { evaluate } from '../metrics/evaluate.ts';
import { resolveMetric } from '../metrics/names.ts';
import type { Predictions } from '../metrics/predictions.ts';

/** By name as the config writes it (`f1` is the macro average); what cannot be computed is absent. */
export function monitorValues(
  monitors: readonly string[],
  predictions: Predictions,
): Record<string, number> {
  const values: Record<string, number> = {};
  for (const monitor of monitors) {
    const metric = resolveMetric(monitor, predictions.classes)?.name;
    if (metric === undefined) throw new Error(`${monitor} is no metric: config checks missed it`);
    const value = evaluate(predictions, [metric]).metrics[metric];
    if (value !== null && value !== undefined) values[monitor] = value;
  }
  return values;
}
