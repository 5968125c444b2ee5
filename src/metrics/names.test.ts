import { expect, test } from '@jest/globals';
import { classMetrics, metrics } from './index.ts';
import {
  describeMetric,
  direction,
  expandMetrics,
  knownMetricNames,
  parseMetric,
  range,
  resolveMetric,
} from './names.ts';
import { metricProblem, metricsSchema } from './schema.ts';

const classes = ['Angry', 'happy', 'very sad'];

test.each(Object.entries({ ...metrics, ...classMetrics }))(
  '%s is registered under its own name and explained',
  (name, { schema }) => {
    expect(schema.const).toBe(name);
    expect(schema.description).toMatch(/.{20,}\.$/s);
  },
);

test.each([
  ['accuracy', { metric: 'accuracy' }],
  ['f1', { metric: 'f1_macro' }],
  ['recall[disgust]', { metric: 'recall', class: 'disgust' }],
  ['recall[a[b]]', { metric: 'recall', class: 'a[b]' }],
  ['top_3_accuracy', { metric: 'top_3_accuracy' }],
])('%s is a metric', (text, parsed) => {
  expect(parseMetric(text)).toEqual(parsed);
});

test.each(['acuracy', 'top_0_accuracy', 'auc[happy]', 'recall[]', 'constructor', '', 'toString'])(
  '%j is none',
  (text) => {
    expect(parseMetric(text)).toBeNull();
  },
);

test('classes match without regard to case and keep the source’s spelling', () => {
  expect(resolveMetric('recall[angry]', classes)?.name).toBe('recall[Angry]');
  expect(resolveMetric('f1[Very Sad]', classes)?.name).toBe('f1[very sad]');
  expect(resolveMetric('f1[sad]', classes)).toBeNull();
});

test('a list of names becomes the keys of the result, each once', () => {
  expect(expandMetrics(['f1_macro', 'accuracy', 'f1', 'recall[angry]'], classes)).toEqual([
    'f1_macro',
    'accuracy',
    'f1_weighted',
    'f1_micro',
    'f1[Angry]',
    'f1[happy]',
    'f1[very sad]',
    'recall[Angry]',
  ]);
});

test('every known name can be parsed, and has a direction, a range and a meaning', () => {
  const names = knownMetricNames(classes);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(parseMetric(name)).not.toBeNull();
    const [low, high] = range(name);
    expect(low).toBeLessThan(high);
    expect(describeMetric(name)).toMatch(/\.$/);
  }
  expect(names.filter((name) => direction(name) === 'min')).toEqual([
    'log_loss',
    'brier',
    'ece',
    'loss',
  ]);
  expect(direction('val_loss')).toBe('min');
  expect(direction('val_recall[happy]')).toBe('max');
});

test('the default list is valid, headline first', () => {
  expect(metricsSchema.default[0]).toBe('accuracy');
  for (const name of metricsSchema.default) expect(metricProblem(name, classes, [])).toBeNull();
});

test('problems name what is wrong', () => {
  const path = ['metrics', 0];
  expect(metricProblem('acuracy', null, path)).toEqual({
    path,
    message: 'There is no metric acuracy.',
    hint: expect.stringContaining('accuracy'),
  });
  expect(metricProblem('recall[disgust]', null, path)).toBeNull();
  expect(metricProblem('recall[disgust]', classes, path)).toMatchObject({
    message: 'recall[disgust]: there is no class disgust.',
    hint: 'The classes are Angry, happy, very sad.',
  });
  expect(metricProblem('top_3_accuracy', classes, path)?.message).toMatch(/always 1/);
});
