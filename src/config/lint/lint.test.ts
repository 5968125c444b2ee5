import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigError } from '../frame.ts';
import { loadExperiment } from '../load.ts';
import { rules } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-lint-'));

/** An experiment on FER-2013's seven classes with these lines in place of its own sections. */
const load = (lines: string) => {
  const file = join(directory, 'experiment.yaml');
  const sections = {
    dataset: 'dataset: { source: { type: fer_csv, path: fer2013.csv } }',
    model: 'model: { layers: [flatten, { type: dense, units: classes, activation: softmax }] }',
  };
  const own = Object.entries(sections).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(lines));
  writeFileSync(file, `${lines}\n${own.map(([, text]) => text).join('\n')}\n`);
  return loadExperiment(file);
};

/** What lint says of a file: `severity ID`, or the place and message of what stops it. */
const findingsOf = (lines: string): readonly string[] => {
  try {
    return load(lines).lint.map(({ id, severity }) => `${severity} ${id}`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(
      ({ message, position }) => `${position?.line}:${position?.column} ${message}`,
    );
  }
};

test.each([
  ['metrics: [binary_accuracy]', /^1:11 METRIC001 .*nothing scores 85\.71 %$/],
  ['training: { loss: binary_crossentropy }', /^1:19 METRIC001 .*over several classes/],
  [
    'training: { callbacks: [{ type: early_stopping, monitor: test_accuracy }] }',
    /^1:58 LEAK001 early_stopping would choose by the test part$/,
  ],
  ['thresholds: [{ metric: binary_accuracy, min: 0.85 }]', /^1:46 GATE001 .* reaches 0\.8571$/],
  ['thresholds: [{ metric: f1, min: 0.14 }]', /^1:33 GATE001 f1 ≥ 0\.14 .* reaches 0\.1429$/],
  ['thresholds: [{ metric: auc, min: 0.5 }]', /^1:34 GATE001 auc ≥ 0\.5 .* reaches 0\.5$/],
])('%s is refused', (lines, message) => {
  expect(findingsOf(lines)).toEqual([expect.stringMatching(message)]);
});

test.each([
  ['split: { strategy: k_fold }', 'warning SPLIT001'],
  ['split: { strategy: { type: holdout, stratified: false } }', 'warning SPLIT001'],
  [
    `dataset:
  source: { type: fer_csv, path: fer2013.csv }
  preprocessing: [{ type: standardize, mean: 0.5, standard_deviation: 0.2 }]`,
    'warning LEAK002',
  ],
  [
    'split: { strategy: holdout }\nthresholds: [{ metric: accuracy, not_worse_than: baseline }]',
    'warning STAT001',
  ],
  [
    `split: { strategy: { type: stratified_k_fold, folds: 3 } }
variants: { one: {}, two: { training: { batch_size: 8 } } }`,
    'warning STAT001',
  ],
  ['variants: { one: {}, two: { training: { epochs: 3 } } }', 'warning PROTO001'],
])('%s is worth a warning', (lines, finding) => {
  expect(findingsOf(lines)).toEqual([finding]);
});

test.each([
  'metrics: [accuracy, binary_accuracy]',
  'training: { loss: categorical_crossentropy }',
  'training: { callbacks: [{ type: early_stopping, monitor: val_accuracy }] }',
  'thresholds: [{ metric: binary_accuracy, min: 0.86 }, { metric: auc, min: 0.51 }]',
  'thresholds: [{ metric: accuracy, statistic: sd, max: 0.02 }, { metric: log_loss, max: 1 }]',
  'split: { strategy: stratified_k_fold }',
  'split: { strategy: holdout }',
  `dataset:
  source: { type: fer_csv, path: fer2013.csv }
  preprocessing: [standardize]`,
  'split: { strategy: stratified_k_fold }\nthresholds: [{ metric: accuracy, not_worse_than: baseline }]',
  `split: { strategy: { type: stratified_k_fold, folds: 4 } }
variants: { one: {}, two: { training: { batch_size: 8 } } }`,
])('nothing is said about %s', (lines) => {
  expect(findingsOf(lines)).toEqual([]);
});

test('a rule is switched off with a reason, which is kept', () => {
  const lines =
    'metrics: [binary_accuracy]\nlint: { METRIC001: { off: it is shown as misleading } }';
  expect(load(lines).lint).toMatchObject([{ id: 'METRIC001', off: 'it is shown as misleading' }]);
});

test('an unknown rule and an empty reason are errors', () => {
  expect(findingsOf('lint: { METRIC01: { off: because } }')).toEqual([
    '1:9 there is no lint rule METRIC01',
  ]);
  expect(findingsOf('lint: { METRIC001: { off: " " } }')).toEqual([
    '1:27 METRIC001 is switched off without a reason',
  ]);
});

/** An experiment with this backbone, frozen unless it says otherwise, and these lines. */
const withBackbone = (backbone: string, lines = 'name: a') =>
  findingsOf(`model:
  backbone: { type: vgg16${backbone} }
  layers: [flatten, { type: dense, units: classes, activation: softmax }]
${lines}`);

test('TL001 refuses a rescaling on top of a backbone', () => {
  const preprocessing = (step: string) => `dataset:
  source: { type: fer_csv, path: fer2013.csv }
  preprocessing: [${step}]`;
  expect(withBackbone('', preprocessing('rescale'))).toEqual([
    expect.stringMatching(/^6:19 TL001 /),
  ]);
  expect(withBackbone('', preprocessing('histogram_equalization'))).toEqual([]);
});

test('TL002 finds phases that never unfreeze, and a backbone that learns like a head', () => {
  const phases = (second: string) =>
    `training: { phases: [{ epochs: 1 }, { epochs: 2${second} }] }`;
  expect(withBackbone('', phases(''))).toEqual(['warning TL002']);
  expect(withBackbone('', phases(', unfreeze: all, learning_rate: 1.0e-5'))).toEqual([]);
  expect(withBackbone(', trainable: true')).toEqual(['warning TL002']);
  const slow = 'training: { optimizer: { type: adam, learning_rate: 1.0e-5 } }';
  expect(withBackbone(', trainable: true', slow)).toEqual([]);
});

test('TL003 finds images enlarged more than twofold', () => {
  expect(withBackbone(', input_size: [224, 224]')).toEqual(['warning TL003']);
  expect(withBackbone(', input_size: 96')).toEqual([]);
  expect(withBackbone('')).toEqual([]);
});

test('every rule stands under its own id, with a description', () => {
  for (const [id, rule] of Object.entries(rules)) {
    expect(rule.id).toBe(id);
    expect(rule.description).toMatch(/\.$/);
  }
});
