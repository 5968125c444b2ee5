/** The names of metrics: what the YAML may say, and the one key that results use for each. */
import { topKAccuracy } from './accuracy.ts';
import type { ClassMetricDefinition, Evidence, MetricDefinition } from './define.ts';
import { classMetrics, metrics } from './index.ts';

export type Family = keyof typeof classMetrics;

/** A metric's name taken apart: `recall[disgust]` is recall of class disgust. */
export type ParsedMetric = { readonly metric: string; readonly class?: string };

/** A metric ready to be computed: its key in results, and either kind of definition. */
export type ResolvedMetric = {
  readonly name: string;
  readonly of:
    | { readonly kind: 'whole'; readonly definition: MetricDefinition }
    | {
        readonly kind: 'class';
        readonly definition: ClassMetricDefinition;
        readonly label: number;
      };
};

const averages = ['macro', 'weighted', 'micro'] as const;

export const isFamily = (name: string): name is Family => Object.hasOwn(classMetrics, name);

/**
 * Takes a name apart and makes `precision`, `recall` and `f1` alone, as one number, their macro
 * average. Null where there is no such metric; whether the class exists is not looked at.
 */
export function parseMetric(text: string): ParsedMetric | null {
  const [, family, name] = /^(\w+)\[(.+)\]$/.exec(text) ?? [];
  if (family !== undefined && name !== undefined)
    return isFamily(family) ? { metric: family, class: name } : null;
  if (isFamily(text)) return { metric: `${text}_macro` };
  return wholeMetric(text) ? { metric: text } : null;
}

/** The metric of that name, or null: an unknown name or class. Classes match without regard to case. */
export function resolveMetric(text: string, classes: readonly string[]): ResolvedMetric | null {
  const parsed = parseMetric(text);
  if (!parsed) return null;
  if (parsed.class === undefined) {
    const definition = wholeMetric(parsed.metric);
    return definition && { name: parsed.metric, of: { kind: 'whole', definition } };
  }
  const wanted = parsed.class.toLowerCase();
  const label = classes.findIndex((name) => name.toLowerCase() === wanted);
  if (label < 0 || !isFamily(parsed.metric)) return null;
  return {
    name: `${parsed.metric}[${classes[label]}]`,
    of: { kind: 'class', definition: classMetrics[parsed.metric], label },
  };
}

/** The value of a metric. Throws `Undefined` with a reason where it has none. */
export function computeMetric(name: string, evidence: Evidence): number {
  const resolved = resolveMetric(name, evidence.classes);
  if (!resolved) throw new Error(`${name} is no metric: it should have been checked before`);
  const { of } = resolved;
  return of.kind === 'class'
    ? of.definition.compute(evidence, of.label)
    : of.definition.compute(evidence);
}

/** All names that results will hold for a `metrics:` list: families spread out, each name once. */
export function expandMetrics(
  names: readonly string[],
  classes: readonly string[],
): readonly string[] {
  const keys = names.flatMap((name) =>
    isFamily(name)
      ? [
          ...averages.map((average) => `${name}_${average}`),
          ...classes.map((label) => `${name}[${label}]`),
        ]
      : [resolveMetric(name, classes)?.name ?? name],
  );
  return [...new Set(keys)];
}

/** Every name that may be written, for "did you mean". */
export function knownMetricNames(classes: readonly string[]): readonly string[] {
  const families = Object.keys(classMetrics);
  return [
    ...Object.keys(metrics),
    ...families,
    ...[2, 3, 5].map((k) => `top_${k}_accuracy`),
    ...families.flatMap((family) => classes.map((label) => `${family}[${label}]`)),
  ];
}

/** Keras's binary metrics on one-hot outputs, which mislead with more than two classes. */
export const isBinaryMetric = (name: string): boolean => name.startsWith('binary_');

/** Whether more (`max`) or less (`min`) is better. A leading `val_` is passed over. */
export const direction = (name: string): 'max' | 'min' => definitionOf(name).direction;

/** Lowest and highest possible value; may be infinite. */
export const range = (name: string): readonly [number, number] => definitionOf(name).range;

/** One sentence on what the metric means, for reports. */
export const describeMetric = (name: string): string => definitionOf(name).schema.description;

function definitionOf(name: string): MetricDefinition | ClassMetricDefinition {
  const parsed = parseMetric(name.replace(/^val_/, ''));
  const definition =
    parsed &&
    (parsed.class !== undefined && isFamily(parsed.metric)
      ? classMetrics[parsed.metric]
      : wholeMetric(parsed.metric));
  if (!definition) throw new Error(`${name} is no metric: it should have been checked before`);
  return definition;
}

function wholeMetric(name: string): MetricDefinition | null {
  const [, k] = /^top_([1-9]\d*)_accuracy$/.exec(name) ?? [];
  if (k !== undefined) return topKAccuracy(Number(k));
  // hasOwn makes it a key of the registry.
  return Object.hasOwn(metrics, name) ? metrics[name as keyof typeof metrics] : null;
}
