/** A run directory as `run` leaves it, with numbers that follow from fold and epoch. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentResult, FoldRecord } from '../../src/result/experiment-result.ts';
import { type RunPaths, runPaths } from '../../src/result/run-directory.ts';
import type { NewRunEvent } from '../../src/tracking/events.ts';
import { openJournal } from '../../src/tracking/journal.ts';

export type Shape = { readonly name: string; readonly folds: number; readonly epochs: number };

/** Values that a float64 does not write in a few digits, so that rounding would show. */
export const lossAt = (fold: number, epoch: number): number => 1 / (epoch + fold / 7);
export const accuracyOf = (fold: number): number => 0.9 + fold / 300;

/** The run's directory with its config, and the events that it will write, in order. */
export const newRun = (
  shape: Shape,
  root = join(mkdtempSync(join(tmpdir(), 'foldwise-runs-')), 'runs'),
): { paths: RunPaths; events: readonly NewRunEvent[] } => {
  const paths = runPaths(join(root, shape.name, '20261123T080000Z-0123abcd'));
  mkdirSync(paths.directory, { recursive: true });
  writeFileSync(
    paths.config,
    `name: ${shape.name}
seed: 42
dataset:
  source: { type: pixel_csv, path: data/digits.csv }
model:
  layers: [{ type: flatten }, { type: dense, units: classes, activation: softmax }]
training: { epochs: ${shape.epochs}, optimizer: { type: adam, learning_rate: 0.001 } }
metrics: [accuracy]
tracking: { mlflow: { tags: { team: vision } } }
`,
  );
  return { paths, events: eventsOf(shape, paths.id) };
};

const eventsOf = ({ name, folds, epochs }: Shape, run_id: string): readonly NewRunEvent[] => [
  { kind: 'run_started', run_id, name, uid: `${name}-run`, smoke: false, user: 'ada' },
  ...Array.from({ length: folds }, (_, fold): readonly NewRunEvent[] => [
    { kind: 'fold_started', fold, uid: `${name}-fold-${fold}` },
    ...Array.from({ length: epochs }, (_, index) => epochEvent(fold, index + 1)),
    { kind: 'fold_ended', fold, status: 'completed' },
  ]).flat(),
  { kind: 'run_ended', status: 'completed' },
];

const epochEvent = (fold: number, epoch: number): NewRunEvent => ({
  kind: 'epoch',
  fold,
  record: {
    epoch,
    seconds: 0.5,
    learning_rate: 0.001,
    values: { loss: lossAt(fold, epoch), val_loss: 2 * lossAt(fold, epoch), val_accuracy: 0.5 },
  },
});

/** Writes the events, a millisecond apart, beginning at `start`. */
export const writeEvents = (
  paths: RunPaths,
  events: readonly NewRunEvent[],
  start = 1_790_000_000_000,
) => {
  let clock = start;
  const journal = openJournal(paths.events, () => clock++);
  for (const event of events) journal.append(event);
};

/** result.json and the files that go with it. */
export const finishRun = (paths: RunPaths, shape: Shape): void => {
  for (let fold = 0; fold < shape.folds; fold++) {
    const at = paths.fold(fold);
    mkdirSync(at.directory, { recursive: true });
    writeFileSync(at.predictions, 'index,true,predicted\n0,1,1\n');
    writeFileSync(at.history, 'epoch,loss\n');
  }
  writeFileSync(paths.splits, '{}');
  writeFileSync(paths.summary, '# summary\n');
  writeFileSync(paths.report, '<!doctype html><title>report</title>');
  writeFileSync(paths.result, JSON.stringify(resultOf(paths, shape)));
};

const foldRecord = (fold: number, { epochs }: Shape): FoldRecord => ({
  fold,
  partition: fold,
  repeat: 0,
  seed: 100 + fold,
  status: 'completed',
  epochs_run: epochs,
  best_epoch: epochs - 1,
  seconds: 3,
  metrics: { accuracy: accuracyOf(fold), 'recall[C#]': 0.8, auc: null },
  reasons: { auc: 'a class is absent' },
  per_class: [],
  confusion_matrix: [],
});

const environment: ExperimentResult['environment'] = {
  foldwise: '0.1.0',
  node: '20',
  tensorflow: '2.9.1',
  device: 'cpu',
  threads: 2,
  git: { commit: '0123456789abcdef', dirty: false },
  determinism: { level: 'bitwise', reason: '' },
};

const dataset: ExperimentResult['dataset'] = {
  fingerprint: 'f'.repeat(64),
  source_fingerprint: 'e'.repeat(64),
  samples: 100,
  image: { height: 8, width: 8, channels: 1 },
  classes: [],
  duplicates: {
    policy: 'group',
    identical_clusters: 0,
    identical_samples: 0,
    near_clusters: 0,
    near_samples: 0,
    conflicting_clusters: 0,
    dropped: 0,
  },
  synthetic: false,
  notes: [],
};

const resultOf = (paths: RunPaths, shape: Shape): ExperimentResult => {
  const folds = Array.from({ length: shape.folds }, (_, fold) => foldRecord(fold, shape));
  return {
    schema_version: 1,
    run_id: paths.id,
    name: shape.name,
    status: 'completed',
    started_at: '2026-11-23T08:00:00Z',
    seconds: 10,
    config: {},
    environment,
    dataset,
    split: {
      type: 'k_fold',
      hash: 'abc',
      largest_deviation: 1,
      grouped: false,
      folds: folds.map(({ fold }) => ({
        fold,
        train: 72,
        validation: 8,
        test: 20,
        test_classes: [],
      })),
    },
    model: {
      parameters: { total: 650, trainable: 650, non_trainable: 0 },
      input_shape: [null, 8, 8, 1],
      layers: [],
      cached_features: false,
    },
    selection: { rule: 'best', monitor: 'val_loss' },
    folds,
    summary: {
      accuracy: {
        mean: 0.905,
        sd: 0.01,
        ci95: [0.89, 0.92],
        n: shape.folds,
        pooled: 0.9,
        pooled_ci95: null,
        variance: null,
      },
    },
    pooled: null,
    know_nothing: { accuracy: 0.1 },
    unseen: {},
    lint: [],
    thresholds: { verdict: 'passed', checks: [] },
    files: {},
    smoke: false,
  };
};
