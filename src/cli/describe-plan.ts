/** A plan as text: data, folds, layers, costs. */
import type { Plan } from '../execution/plan.ts';
import { alignColumns, lintLines } from '../report/describe-result.ts';
import { formatCount, formatDuration, missing } from '../report/format.ts';

export function describePlan(plan: Plan): string {
  const lint = lintLines(plan.lint);
  const blocks = [dataLines(plan), foldLines(plan), modelLines(plan), costLines(plan), lint];
  return [...blocks, plan.unknown.map((what) => `unknown: ${what}`)]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const count = (value: number | null) => (value === null ? missing : formatCount(value));

const shapeText = (shape: readonly (number | null)[]) =>
  shape.map((length) => length ?? '?').join('×');

function dataLines({ name, dataset }: Plan): string[] {
  const image = dataset.image ? shapeText(dataset.image) : 'unknown size';
  const classes = dataset.classes?.map((one) => `${one.name} ${count(one.count)}`).join(', ');
  return [
    `${name}: ${count(dataset.samples)} pictures of ${image}`,
    `classes: ${classes ?? 'unknown'}`,
  ];
}

function foldLines({ split, dataset }: Plan): string[] {
  const head = `${split.type}, ${split.count ?? 'an unknown number of'} folds`;
  if (split.folds.length === 0) return [head];
  const classes = dataset.classes?.map(({ name }) => name) ?? [];
  const rows = split.folds.map(({ fold, train, validation, test, test_classes }) => [
    String(fold),
    ...[train, validation, test, ...test_classes].map(formatCount),
  ]);
  const header = ['fold', 'train', 'validation', 'test', ...classes.map((c) => `test:${c}`)];
  return [head, ...alignColumns([header, ...rows])];
}

function modelLines({ model }: Plan): string[] {
  if (!model) return [];
  const rows = model.layers.map(({ name, type, output_shape, parameters, inputs }) => [
    name,
    type,
    shapeText(output_shape),
    formatCount(parameters),
    inputs.join(', '),
  ]);
  const { total, trainable, non_trainable } = model.parameters;
  return [
    ...alignColumns([['layer', 'type', 'output', 'parameters', 'takes'], ...rows]),
    `${formatCount(total)} parameters: ${formatCount(trainable)} trainable, ${formatCount(non_trainable)} not`,
  ];
}

function costLines({ execution, features, memory_bytes, seconds }: Plan): string[] {
  if (!execution || memory_bytes === null) return [];
  const time = seconds === null ? '' : `, about ${formatDuration(seconds)} on this CPU`;
  const kept = features
    ? [
        `frozen up to ${features.after}: computed once for all epochs and folds, ` +
          `${formatCount(features.bytes_per_image)} bytes per picture in the cache`,
      ]
    : [];
  return [
    ...kept,
    `${execution.folds_at_once} folds at once with ${execution.threads} thread(s) each`,
    `about ${Math.ceil(memory_bytes / 1e6)} MB per fold besides TensorFlow${time} (estimates)`,
  ];
}
