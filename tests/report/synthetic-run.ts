/** A finished run whose numbers come from stored predictions, with names that want to be code. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { knowNothing } from '../../src/metrics/know-nothing.ts';
import { expandMetrics } from '../../src/metrics/names.ts';
import type { Predictions } from '../../src/metrics/predictions.ts';
import { writeFigures } from '../../src/report/figures.ts';
import { writeReport } from '../../src/report/write-report.ts';
import type { ExperimentResult, FoldRecord } from '../../src/result/experiment-result.ts';
import { evaluateFold, evaluatePooled } from '../../src/result/fold-evaluation.ts';
import { headlineTriple } from '../../src/result/headline.ts';
import { writeHistory } from '../../src/result/history-file.ts';
import { writePredictions } from '../../src/result/predictions-file.ts';
import { type RunPaths, runPaths } from '../../src/result/run-directory.ts';
import { poolPredictions, summarize } from '../../src/result/summarize.ts';
import { scoreTwins, type TestedPart } from '../../src/result/twins.ts';

export const attack = '<img src=x onerror="document.title=\'taken over\'">';
const classes = ['plain', attack, 'a|b "c" & d'];
const foldCount = 3;
const rowsPerFold = 40;

/** The second cluster has two labels; all of them reach over several folds. */
const duplicates = {
  identical: [
    [0, 40],
    [1, 42],
  ],
  conflicting: [[1, 42]],
  near: [[4, 84]],
  dropped: 0,
};

/** Numbers in 0…1 that are the same in every run (Park and Miller's generator). */
const sequence = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
};

const predictionsOf = (fold: number): Predictions => {
  const next = sequence(fold + 1);
  const labels = Int32Array.from({ length: rowsPerFold }, (_, row) => row % classes.length);
  const probabilities = new Float64Array(rowsPerFold * classes.length);
  for (let row = 0; row < rowsPerFold; row++) {
    const scores = classes.map((_, c) => next() + (c === labels[row] ? 0.4 : 0));
    const sum = scores.reduce((a, b) => a + b, 0);
    scores.forEach((score, c) => {
      probabilities[row * classes.length + c] = score / sum;
    });
  }
  const indices = Uint32Array.from({ length: rowsPerFold }, (_, row) => fold * rowsPerFold + row);
  return { indices, labels, probabilities, classes, loss: null };
};

/** Trained on all that is not tested. */
const testedPart = (fold: number): TestedPart => ({
  predictions: predictionsOf(fold),
  train: Uint32Array.from({ length: foldCount * rowsPerFold }, (_, index) => index).filter(
    (index) => Math.floor(index / rowsPerFold) !== fold,
  ),
});

const datasetIn = (directory: string): Dataset => {
  const samples = foldCount * rowsPerFold;
  const path = join(directory, 'pixels');
  const next = sequence(7);
  writeFileSync(
    path,
    Uint8Array.from({ length: samples * 36 }, () => 255 * next()),
  );
  return {
    classes,
    labels: Int32Array.from({ length: samples }, (_, i) => (i % rowsPerFold) % classes.length),
    images: { path, samples, height: 6, width: 6, channels: 1 },
    decoded: { height: 6, width: 6, channels: 1 },
    origins: Array.from({ length: samples }, (_, i) => `faces.csv:${i} ${attack}`),
    fingerprint: 'f'.repeat(64),
    sourceFingerprint: 'e'.repeat(64),
    duplicates,
    synthetic: true,
    notes: [attack],
  };
};

/** `lost`: a fold that failed. The pixels are gone when it returns. */
export async function finishedRun(lost?: number): Promise<{
  readonly paths: RunPaths;
  readonly result: ExperimentResult;
}> {
  const root = mkdtempSync(join(tmpdir(), 'foldwise-report-'));
  const paths = runPaths(join(root, 'run'));
  const completed = [...Array(foldCount).keys()].filter((fold) => fold !== lost);
  for (const fold of completed) {
    mkdirSync(paths.fold(fold).directory, { recursive: true });
    writePredictions(paths.fold(fold).predictions, predictionsOf(fold));
    writeHistory(paths.fold(fold).history, [
      { epoch: 1, seconds: 1, learning_rate: 0.1, values: { loss: 1, val_loss: 0.9 } },
      { epoch: 2, seconds: 1, learning_rate: 0.1, values: { loss: 0.5, val_loss: 0.6 } },
    ]);
  }
  const dataset = datasetIn(root);
  await writeFigures(paths, dataset, completed);
  writeFileSync(dataset.images.path, '');
  const result = resultOf(paths, dataset, completed);
  writeFileSync(paths.result, JSON.stringify(result));
  writeFileSync(paths.config, `name: tricky\ndescription: ${JSON.stringify(attack)}\n`);
  await writeReport(paths);
  return { paths, result };
}

const names = expandMetrics(
  [...headlineTriple, 'precision', 'recall', 'f1', 'auc', 'log_loss'],
  classes,
);

function foldRecord(fold: number, completed: readonly number[]): FoldRecord {
  const done = completed.includes(fold);
  return {
    fold,
    partition: fold,
    repeat: 0,
    seed: fold,
    status: done ? 'completed' : 'failed',
    reason: done ? undefined : `out of memory ${attack}`,
    epochs_run: done ? 2 : 0,
    best_epoch: done ? 2 : null,
    seconds: done ? 2.5 : 0,
    ...evaluateFold(predictionsOf(fold), done ? names : []),
  };
}

function resultOf(
  paths: RunPaths,
  dataset: Dataset,
  completed: readonly number[],
): ExperimentResult {
  const folds = [...Array(foldCount).keys()].map((fold) => foldRecord(fold, completed));
  const pooled = poolPredictions(completed.map(predictionsOf));
  const sizes = folds.map(() => ({ train: 72, test: rowsPerFold }));
  const counts = classes.map((_, c) => dataset.labels.filter((label) => label === c).length);
  const shares = counts.map((count) => count / dataset.labels.length);
  const summary = summarize(names, folds, sizes, pooled, 42);
  return {
    schema_version: 1,
    run_id: paths.id,
    name: `tricky ${attack}`,
    status: completed.length === foldCount ? 'completed' : 'failed',
    started_at: '2026-11-23T08:00:00.000Z',
    seconds: 10,
    config: {
      description: attack,
      metrics: ['accuracy'],
      report: {},
      dataset: { source: { type: 'fer_csv', path: attack } },
    },
    ...facts(dataset, counts),
    folds,
    summary,
    pooled: pooled && completed.length === foldCount ? evaluatePooled(pooled) : null,
    twins: scoreTwins(dataset.labels.length, dataset.duplicates, completed.map(testedPart)),
    know_nothing: Object.fromEntries(
      names.map((name) => [name, knowNothing(name, shares, classes)]),
    ),
    unseen: {},
    lint: [
      { id: 'IMB001', severity: 'warning', message: attack, line: 3 },
      { id: 'SPLIT001', severity: 'warning', message: 'not stratified', line: 4, off: attack },
    ],
    thresholds: {
      verdict: completed.length === foldCount ? 'passed' : 'inconclusive',
      checks: [
        {
          metric: `recall[${attack}]`,
          statistic: 'mean',
          observed: summary[`recall[${attack}]`]?.mean ?? null,
          bound: '>= 0.1',
          passed: completed.length === foldCount ? true : null,
        },
      ],
    },
    files: {},
    smoke: false,
  };
}

const layer = (name: string, inputs: readonly string[], parameters: number) => ({
  name,
  type: 'dense',
  output_shape: [3],
  parameters,
  inputs,
  trainable: true,
});

const facts = (
  dataset: Dataset,
  counts: readonly number[],
): Pick<ExperimentResult, 'environment' | 'dataset' | 'split' | 'model' | 'selection'> => ({
  environment: {
    foldwise: '0.1.0',
    node: 'v20',
    tensorflow: '2.21.0',
    device: 'cpu',
    threads: 1,
    git: { commit: '0123456', dirty: true },
    determinism: { level: 'bitwise', reason: 'one thread' },
  },
  dataset: {
    fingerprint: dataset.fingerprint,
    source_fingerprint: dataset.sourceFingerprint,
    samples: dataset.labels.length,
    image: { height: 6, width: 6, channels: 1 },
    classes: classes.map((name, c) => ({ name, count: counts[c] ?? 0 })),
    duplicates: {
      policy: 'keep',
      identical_clusters: 2,
      identical_samples: 4,
      near_clusters: 1,
      near_samples: 2,
      conflicting_clusters: 1,
      dropped: 0,
    },
    synthetic: dataset.synthetic,
    notes: dataset.notes,
  },
  split: {
    type: 'k_fold',
    hash: 'abc',
    largest_deviation: 1,
    deviation_bound: 3,
    grouped: true,
    folds: [...Array(foldCount).keys()].map((fold) => ({
      fold,
      train: 72,
      validation: 8,
      test: rowsPerFold,
      test_classes: [14, 13, 13],
    })),
  },
  model: {
    parameters: { total: 30, trainable: 30, non_trainable: 0 },
    input_shape: [6, 6, 1],
    layers: [layer(attack, ['input'], 10), layer('b', [attack], 10), layer('c', ['b', attack], 10)],
    cached_features: false,
  },
  selection: { rule: 'early_stopping', monitor: 'val_loss' },
});
