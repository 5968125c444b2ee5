/** Which metrics are computed after every epoch: for the curves, and for the callbacks. */
import type { ExperimentConfig } from '../config/experiment.ts';
import { isFamily } from '../metrics/names.ts';

/**
 * The listed metrics (of a family the macro average) and what the callbacks monitor. `loss` is not
 * among them: it is always there.
 */
export function monitoredMetrics({ metrics, training }: ExperimentConfig): readonly string[] {
  const monitored = training.callbacks.flatMap((callback) =>
    'monitor' in callback ? [callback.monitor.replace(/^val_/, '')] : [],
  );
  const listed = metrics.map((name) => (isFamily(name) ? `${name}_macro` : name));
  return [...new Set([...listed, ...monitored])].filter((name) => name !== 'loss');
}
