/** Three runs like the thesis's, for tests of the report: ten folds, true and binary metrics. */
import type { RunToCompare } from '../../src/compare/compare-runs.ts';
import type { ExperimentResult } from '../../src/result/experiment-result.ts';

type Model = {
  readonly name: string;
  readonly epochs: number;
  /** Means of the folds; the thesis's own numbers. */
  readonly metrics: Readonly<Record<string, number>>;
};

const names = [
  'accuracy',
  'binary_accuracy',
  'loss',
  'binary_recall',
  'binary_precision',
  'binary_f1',
  'recall[disgust]',
];

export const thesisModels: readonly Model[] = [
  model('sequential', 50, [0.59, 0.8967, 1.27, 0.41, 0.76, 0.54, 0.12]),
  model('vgg16', 20, [0.41, 0.867, 1.51, 0.17, 0.67, 0.35, 0]),
  model('resnet50', 20, [0.37, 0.8626, 1.61, 0.12, 0.6, 0.29, 0]),
];

function model(name: string, epochs: number, values: readonly number[]): Model {
  return {
    name,
    epochs,
    metrics: Object.fromEntries(names.map((metric, i) => [metric, values[i] ?? 0])),
  };
}

const folds = 10;
const knowNothing = { accuracy: 0.25, binary_accuracy: 6 / 7, 'recall[disgust]': null };

/** A run whose folds scatter a little around the model's means, the same way each time. */
export function thesisRun({ name, epochs, metrics }: Model, position: number): RunToCompare {
  const scatter = (fold: number, value: number) =>
    value === 0 ? 0 : value + 0.004 * Math.sin(7 * fold + position);
  const records = Array.from({ length: folds }, (_, fold) => ({
    fold,
    partition: fold,
    status: 'completed',
    epochs_run: epochs - (fold % 3),
    seconds: 100 + fold,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([metric, value]) => [metric, scatter(fold, value)]),
    ),
  }));
  const summary = Object.fromEntries(
    Object.entries(metrics).map(([metric, mean]) => [metric, { mean, sd: 0.004 }]),
  );
  // Only what a comparison reads.
  const result = {
    schema_version: 1,
    run_id: `id-${position}`,
    name,
    smoke: false,
    config: { training: { epochs } },
    dataset: {
      source_fingerprint: 'f'.repeat(64),
      samples: 1000,
      synthetic: true,
      image: { height: 48, width: 48, channels: position === 0 ? 1 : 3 },
    },
    split: {
      type: 'stratified_k_fold',
      hash: 'e'.repeat(64),
      folds: records.map(({ fold }) => ({ fold, train: 810, validation: 90, test: 100 })),
    },
    model: { parameters: { total: 3_670_535 } },
    folds: records,
    summary,
    know_nothing: knowNothing,
    lint: [],
    selection: { rule: 'model_checkpoint', monitor: 'val_accuracy' },
  } as unknown as ExperimentResult;
  const correct = new Map(
    Array.from({ length: 1000 }, (_, i) => [i, i % 100 < 100 * (metrics.accuracy ?? 0)] as const),
  );
  return { result, correct };
}
