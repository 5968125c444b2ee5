/** The rules that look at what came out, and the one that looks at all variants of a study. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { loadExperiment } from '../load.ts';
import { rules } from './index.ts';
import { lintExperiment } from './record.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-result-rules-'));

const load = (lines: string) => {
  const file = join(directory, 'experiment.yaml');
  writeFileSync(
    file,
    `dataset: { source: { type: fer_csv, path: fer2013.csv } }
model: { layers: [flatten, { type: dense, units: classes, activation: softmax }] }
${lines}
`,
  );
  return loadExperiment(file);
};

type Fold = { readonly accuracy?: number; readonly log_loss?: number; readonly best?: number };

/** What the rules read of a finished run of five folds. */
const resultOf = (folds: readonly Fold[], rule = 'early_stopping') =>
  ({
    smoke: false,
    selection: { rule, monitor: 'val_loss' },
    dataset: { classes: Array.from({ length: 7 }, (_, i) => ({ name: `c${i}`, count: 1 })) },
    split: { folds: folds.map((_, fold) => ({ fold, train: 800, test: 200 })) },
    folds: folds.map(({ accuracy = 0.5, log_loss = 1, best = 1 }, fold) => ({
      fold,
      partition: fold,
      status: 'completed',
      best_epoch: best,
      metrics: { accuracy, log_loss },
    })),
    // Only what the rules read.
  }) as unknown as ExperimentResult;

const findingsOf = (lines: string, result: ExperimentResult) =>
  lintExperiment(load(lines), { result }).findings.map(({ id, message }) => `${id} ${message}`);

test('PROTO002 finds a best epoch that is the last in most folds', () => {
  const epochs = (...best: number[]) => resultOf(best.map((epoch) => ({ best: epoch })));
  const ten = 'training: { epochs: 10 }';
  expect(findingsOf(ten, epochs(10, 10, 10, 4, 5))).toEqual([
    'PROTO002 the best epoch is the last one (10) in 3 of 5 folds',
  ]);
  expect(findingsOf(ten, epochs(10, 10, 7, 4, 5))).toEqual([]);
  expect(findingsOf('training: { epochs: 11 }', epochs(10, 10, 10, 10, 10))).toEqual([]);
  const last = resultOf([{ best: 10 }, { best: 10 }], 'last_epoch');
  expect(findingsOf(ten, last)).toEqual([]);
});

test('GATE002 finds a margin that five folds cannot tell from noise', () => {
  const threshold = (margin: number) =>
    `thresholds: [{ metric: accuracy, not_worse_than: baseline, margin: ${margin} }]`;
  const spread = resultOf([0.5, 0.52, 0.48, 0.51, 0.49].map((accuracy) => ({ accuracy })));
  // sd 0.0158, SE² = sd²(1/5 + 200/800): 0.0106; t quantiles 2.776 + 0.941.
  expect(findingsOf(threshold(0.01), spread)).toEqual([
    'GATE002 accuracy may be worse by 0.01, but 5 folds find differences of about 0.0394 only',
  ]);
  expect(findingsOf(threshold(0.04), spread)).toEqual([]);
});

test('NUM001 finds a log loss no better than that of a uniform guess', () => {
  const losses = (...values: number[]) => resultOf(values.map((log_loss) => ({ log_loss })));
  expect(findingsOf('name: a', losses(1.9, 1.95, 2.5))).toEqual([
    'NUM001 the log loss is not below 1.946, that of a uniform guess, in 2 of 3 folds',
  ]);
  expect(findingsOf('name: a', losses(1.9, 1.94, 1.5))).toEqual([]);
});

test('PROTO001 finds variants with different budgets, also over phases', () => {
  const findings = (one: string, two: string) =>
    load(`variants: { one: { training: ${one} }, two: { training: ${two} } }`).lint.map(
      ({ message }) => message,
    );
  expect(findings('{ epochs: 50 }', '{ epochs: 20 }')).toEqual([
    'the variants have different budgets: one 50 epochs, two 20 epochs',
  ]);
  expect(
    findings('{ epochs: 20 }', '{ phases: [{ epochs: 5 }, { epochs: 16, unfreeze: all }] }'),
  ).toEqual(['the variants have different budgets: one 20 epochs, two 21 epochs']);
  expect(
    findings('{ epochs: 20 }', '{ phases: [{ epochs: 5 }, { epochs: 15, unfreeze: all }] }'),
  ).toEqual([]);
});

test('every rule has a test that names it', () => {
  const tests = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  expect(Object.keys(rules).filter((id) => !tests.includes(id))).toEqual([]);
});
