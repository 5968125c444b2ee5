/** The YAML section `metrics`, and what is wrong with names in it. */
import type { ConfigPath, Problem } from '../errors.ts';
import type { Infer } from '../schema/json-schema.ts';
import { didYouMean } from '../schema/suggest.ts';
import { classMetrics, metrics } from './index.ts';
import { knownMetricNames, parseMetric, resolveMetric } from './names.ts';

export const metricsSchema = {
  type: 'array',
  description:
    'What is computed from the test predictions; the first is the headline. precision, recall and f1 bring their averages and a value per class.',
  items: {
    type: 'string',
    description: 'A metric’s name: accuracy, f1_macro, top_3_accuracy, recall[class], …',
    examples: [...Object.keys(metrics), ...Object.keys(classMetrics), 'top_3_accuracy'],
  },
  minItems: 1,
  default: ['accuracy', 'balanced_accuracy', 'precision', 'recall', 'f1', 'auc', 'log_loss'],
} as const;

export type MetricsConfig = Infer<typeof metricsSchema>;

/**
 * Problem with a metric's name, null where it is fine. `classes` null: not known yet, so the class
 * is not looked at.
 */
export function metricProblem(
  name: string,
  classes: readonly string[] | null,
  path: ConfigPath,
): Problem | null {
  const parsed = parseMetric(name);
  if (!parsed)
    return {
      path,
      message: `There is no metric ${name}.`,
      hint: didYouMean(name, knownMetricNames(classes ?? [])),
    };
  if (classes === null) return null;
  if (parsed.class !== undefined && !resolveMetric(name, classes))
    return {
      path,
      message: `${name}: there is no class ${parsed.class}.`,
      hint: didYouMean(name, knownMetricNames(classes)) ?? `The classes are ${classes.join(', ')}.`,
    };
  const [, k] = /^top_(\d+)_/.exec(name) ?? [];
  if (k !== undefined && Number(k) >= classes.length)
    return {
      path,
      message: `${name} of ${classes.length} classes is always 1.`,
      hint: `Take at most top_${classes.length - 1}_accuracy.`,
    };
  return null;
}
