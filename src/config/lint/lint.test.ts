import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeDataset } from '../../dataset/describe.ts';
import { ConfigError } from '../frame.ts';
import { loadExperiment } from '../load.ts';
import type { Facts } from './define.ts';
import { rules } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-lint-'));

/** An experiment on FER-2013's seven classes with these lines in place of its own sections. */
const load = (lines: string) => {
  const file = join(directory, 'experiment.yaml');
  const sections = {
    dataset: 'dataset: { source: { type: fer_csv, path: fer2013.csv } }',
    model: 'model: { layers: [flatten, { type: dense, units: classes, activation: softmax }] }',
  };
  const own = Object.entries(sections).filter(([key]) => !lines.startsWith(`${key}:`));
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

/** The facts of an experiment whose model has this backbone. */
const withBackbone = (
  backbone: Readonly<Record<string, unknown>>,
  lines = 'name: a',
): Facts['config'] => {
  const { config } = load(lines);
  // As the schema of a backbone gives it; what the rules do not read is left out.
  const model = { ...config.model, backbone } as typeof config.model;
  return {
    config: { ...config, model },
    description: describeDataset(config.dataset),
    variants: 0,
  };
};
const vgg16 = { type: 'vgg16', weights: 'imagenet', trainable: false };
const phases = 'training: { phases: [{ epochs: 1 }, { epochs: 2 }] }';
const thawed = 'training: { phases: [{ epochs: 1 }, { epochs: 2, unfreeze: all }] }';
const rescaled = `dataset:
  source: { type: fer_csv, path: fer2013.csv }
  preprocessing: [rescale]`;

test('TL001 finds a rescaling on top of a backbone', () => {
  expect(rules.TL001.check(withBackbone(vgg16, rescaled))).toMatchObject([
    { path: ['dataset', 'preprocessing', 0] },
  ]);
  expect(rules.TL001.check(withBackbone(vgg16))).toEqual([]);
});

test('TL002 finds phases that never unfreeze, and a backbone that learns like a head', () => {
  expect(rules.TL002.check(withBackbone(vgg16, phases))).toMatchObject([
    { path: ['training', 'phases'] },
  ]);
  expect(rules.TL002.check(withBackbone(vgg16, thawed))).toEqual([]);
  expect(rules.TL002.check(withBackbone({ ...vgg16, trainable: true }))).toMatchObject([
    { path: ['training', 'optimizer'] },
  ]);
  const slow = 'training: { optimizer: { type: adam, learning_rate: 1.0e-5 } }';
  expect(rules.TL002.check(withBackbone({ ...vgg16, trainable: true }, slow))).toEqual([]);
});

test('TL003 finds images enlarged more than twofold', () => {
  expect(rules.TL003.check(withBackbone({ ...vgg16, input_size: [224, 224] }))).toMatchObject([
    { message: '48×48 enlarged to 224×224: 21.8 times the pixels at cost only' },
  ]);
  expect(rules.TL003.check(withBackbone({ ...vgg16, input_size: 96 }))).toEqual([]);
  expect(rules.TL003.check(withBackbone(vgg16))).toEqual([]);
});

test('every rule stands under its own id, with a description', () => {
  for (const [id, rule] of Object.entries(rules)) {
    expect(rule.id).toBe(id);
    expect(rule.description).toMatch(/\.$/);
  }
});
