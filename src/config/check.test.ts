import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigError } from './frame.ts';
import { lintExperiment } from './lint/record.ts';
import { loadExperiment } from './load.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-check-'));
const load = (text: string) => {
  const file = join(directory, 'experiment.yaml');
  writeFileSync(file, text);
  return loadExperiment(file);
};
const errorOf = (text: string): ConfigError => {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the config was accepted');
};
/** `line:column message (hint)` of every problem. */
const problemsOf = (text: string) =>
  errorOf(text).problems.map(
    ({ message, hint, position }) =>
      `${position?.line}:${position?.column} ${message}${hint ? ` (${hint})` : ''}`,
  );

const fer = `dataset: { source: { type: fer_csv, path: fer2013.csv } }
model: { layers: [flatten, { type: dense, units: classes, activation: softmax }] }
`;

test('monitors and class weights are held against the metrics and the classes', () => {
  const training = `training:
  class_weight: { dsgust: 3, "6": 1, Happy: 2 }
  callbacks:
    - { type: early_stopping, monitor: val_acc }
    - { type: early_stopping, monitor: accuracy }
    - { type: early_stopping, monitor: "val_recall[disgust]" }
`;
  expect(problemsOf(fer + training)).toEqual([
    '4:19 there is no class "dsgust" (did you mean "disgust"?)',
    '6:40 there is no val_acc to monitor (did you mean "val_accuracy"?)',
    '7:40 accuracy is not of the validation part (did you mean "val_accuracy"?)',
  ]);
});

test('epochs belong to the phases where there are phases', () => {
  const phases = 'phases: [{ epochs: 2 }]';
  expect(problemsOf(`${fer}training: { epochs: 3, ${phases} }\n`)).toEqual([
    '3:13 epochs beside phases: each phase has its own (remove this line)',
  ]);
  expect(load(`${fer}training: { ${phases} }\n`).config.training.phases).toHaveLength(1);
});

test('mixed precision needs graphs', () => {
  const training = 'training: { precision: mixed_float16 }\n';
  expect(problemsOf(`${fer}${training}execution: { mode: eager }\n`)).toEqual([
    '3:24 mixed_float16 needs recorded graphs, but execution.mode is eager ' +
      '(use mode auto or graph, or precision float32)',
  ]);
  expect(load(fer + training).config.training.precision).toBe('mixed_float16');
  expect(load(fer).config.training.precision).toBe('float32');
});

test('thresholds name metrics and classes that exist, and bounds that these can have', () => {
  const thresholds = `split: { strategy: holdout }
thresholds:
  - { metric: f1_marco, min: 0.5 }
  - { metric: "recall[hapy]", min: 0.5 }
  - { metric: accuracy, min: 70 }
  - { metric: accuracy }
  - { metric: accuracy, min: 0.9, max: 0.8 }
  - { metric: accuracy, min: 0.9, margin: 0.1 }
  - { metric: accuracy, statistic: sd, max: 0.1 }
`;
  expect(problemsOf(fer + thresholds)).toEqual([
    '5:15 There is no metric f1_marco. (did you mean "f1_macro"?)',
    '6:15 recall[hapy]: there is no class hapy. (did you mean "recall[happy]"?)',
    '7:30 70 is outside of what accuracy can be: 0 to 1 (as a share: 0.7)',
    '8:5 the threshold on accuracy has no bound (give it `min`, `max` or `not_worse_than: baseline`)',
    '9:30 min 0.9 is above max 0.8',
    '10:43 a margin belongs to `not_worse_than: baseline`',
    '11:36 sd over folds needs at least two folds, and there is one (judge the mean, or split into several folds)',
  ]);
});

test('a split that asks for parts, groups or samples that are not there is refused', () => {
  const digits = fer.replace('type: fer_csv', 'type: pixel_csv');
  const split = (strategy: string) => problemsOf(`${digits}split: { strategy: ${strategy} }\n`);
  expect(split('predefined')[0]).toMatch(/^3:20 the dataset comes in one piece/);
  expect(split('group_k_fold')[0]).toMatch(/^3:20 group_k_fold needs groups/);
  expect(load(`${fer}split: { strategy: predefined }\n`).config.split.strategy.type).toBe(
    'predefined',
  );
  const faces = fer.replace(
    'type: fer_csv, path: fer2013.csv',
    'type: synthetic_faces, samples: 70',
  );
  expect(problemsOf(`${faces}split: { strategy: { type: k_fold, folds: 71 } }\n`)).toEqual([
    '3:43 71 folds of 70 samples: some would be empty',
  ]);
});

test('the loss is held against the outputs of the model', () => {
  const two = fer.replace('} }\nmodel', '}, classes: [happy, sad] }\nmodel');
  expect(problemsOf(`${two}training: { loss: binary_crossentropy }\n`)).toEqual([
    expect.stringMatching(/^3:19 binary_crossentropy needs one sigmoid unit/),
  ]);
});

test('a mistake in a block is shown where it stands and where the block is used', () => {
  const text = `dataset: { source: { type: fer_csv, path: fer2013.csv } }
model:
  blocks:
    piece:
      parameters: { filters: 8 }
      layers:
        - { type: conv2d, filters: "filters * 0", kernel_size: 3 }
        - { type: conv2d, filters: filters, kernel_size: 3, paddingg: same }
  layers:
    - { use: piece, with: { filters: 64 }, repeat: 2 }
    - flatten
    - { type: dense, units: classes, activation: softmax }
`;
  expect(problemsOf(text)).toEqual([
    '7:36 model.blocks.piece.layers[0].filters must be >= 1, not 0',
    '8:61 unknown key "paddingg" in model.blocks.piece.layers[1] (did you mean "padding"?)',
  ]);
  expect(errorOf(text).message).toContain('experiment.yaml:10:7 the block is used here');
});

test('what the schema refuses in one section hides nothing in the others', () => {
  const text = `${fer}report: { titel: x }\nmetrics: [acuracy]\n`;
  expect(problemsOf(text)).toEqual([
    '3:11 unknown key "titel" in report (did you mean "title"?)',
    '4:11 There is no metric acuracy. (did you mean "accuracy"?)',
  ]);
  expect(problemsOf('metrics: [acuracy]\nmodel: 3\n')).toHaveLength(3);
  expect(problemsOf('model: { layers: [flatten] }\n')).toHaveLength(1);
  expect(problemsOf(fer.replace('model:', 'modle:'))).toHaveLength(2);
});

test('files that are not there are notes, and so are warnings', () => {
  const { notes, lint } = load(`${fer}split: { strategy: k_fold }\n`);
  expect(notes.map(({ message }) => message)).toEqual([
    expect.stringContaining('fer2013.csv is not there'),
    expect.stringMatching(/^SPLIT001 /),
  ]);
  expect(lint).toMatchObject([{ id: 'SPLIT001', severity: 'warning' }]);
});

test('with the data, thresholds are held against the shares of the classes', () => {
  const experiment = load(`${fer}thresholds: [{ metric: accuracy, min: 0.5 }]\n`);
  expect(lintExperiment(experiment, {})).toEqual({ findings: [], errors: [] });
  const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 60 ? 3 : i % 7));
  const dataset = {
    classes: ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'],
    labels,
    images: { path: '', samples: 100, height: 48, width: 48, channels: 1 },
    origins: [],
    duplicates: { identical: [], near: [], conflicting: [], dropped: 0 },
  };
  const { findings, errors } = lintExperiment(experiment, { dataset, folds: [] });
  // Other rules that read the data may speak too.
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'GATE001', severity: 'error', line: 3 }),
  );
  expect(experiment.error(errors).message).toMatch(
    /experiment\.yaml:3:39 GATE001 .*knowing nothing reaches 0\.65$/m,
  );
});
