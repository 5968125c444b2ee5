import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { ExperimentResult } from './experiment-result.ts';
import { resultSchema } from './result-schema.ts';

const perClass = { class: 'a', precision: 1, recall: null, f1: 0.5, support: 2 };
const summary = {
  accuracy: {
    mean: 0.5,
    sd: 0.1,
    ci95: [0.4, 0.6] as const,
    n: 2,
    pooled: 0.5,
    pooled_ci95: [0.45, 0.55] as const,
    variance: { fold: 0.1, seed: 0.05 },
  },
};
/** Every key of the type, those that may be absent too. */
const result: ExperimentResult = {
  schema_version: 1,
  run_id: '20260101T000000Z-abc',
  name: 'a',
  status: 'completed',
  started_at: '2026-01-01T00:00:00.000Z',
  seconds: 1.5,
  config: { name: 'a' },
  environment: {
    foldwise: '0.1.0',
    node: '20',
    tensorflow: '2',
    device: 'cpu',
    threads: 2,
    git: { commit: 'abc', dirty: false },
    determinism: { level: 'bitwise', reason: 'CPU' },
  },
  dataset: {
    fingerprint: 'abc',
    source_fingerprint: 'def',
    samples: 4,
    image: { height: 8, width: 8, channels: 1 },
    classes: [{ name: 'a', count: 2 }],
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
    notes: ['a note'],
  },
  split: {
    type: 'k_fold',
    hash: 'abc',
    largest_deviation: 1,
    deviation_bound: 2,
    grouped: false,
    folds: [{ fold: 0, train: 2, validation: 1, test: 1, test_classes: [1, 0] }],
  },
  model: {
    parameters: { total: 3, trainable: 2, non_trainable: 1 },
    input_shape: [8, 8, 1],
    layers: [
      {
        name: 'dense',
        type: 'dense',
        output_shape: [null, 2],
        parameters: 3,
        inputs: ['input'],
        trainable: true,
      },
    ],
    cached_features: false,
  },
  selection: { rule: 'early_stopping', monitor: 'val_loss' },
  folds: [
    {
      fold: 0,
      partition: 0,
      repeat: 0,
      seed: 1,
      status: 'failed',
      reason: 'out of memory',
      epochs_run: 2,
      best_epoch: 1,
      seconds: 1,
      metrics: { accuracy: 0.5, auc: null },
      reasons: { auc: 'one class only' },
      per_class: [perClass],
      confusion_matrix: [[1]],
    },
  ],
  summary,
  pooled: {
    per_class: [{ ...perClass, recall_ci95: [0, 1] }],
    confusion_matrix: [[1]],
    calibration: [{ from: 0, to: 1, count: 1, confidence: 0.9, accuracy: 1 }],
  },
  twins: {
    identical: { with: { samples: 1, accuracy: 1 }, without: { samples: 0, accuracy: null } },
    near: { with: { samples: 1, accuracy: 1 }, without: { samples: 0, accuracy: null } },
  },
  know_nothing: { accuracy: 0.5, loss: null },
  unseen: {
    jaffe: {
      fingerprint: 'abc',
      samples: 2,
      classes: [{ name: 'a', count: 2 }],
      folds: [{ fold: 0, metrics: { accuracy: 1 } }],
      ensemble: { metrics: { accuracy: 1 }, per_class: [perClass], confusion_matrix: [[1]] },
      summary,
    },
  },
  lint: [{ id: 'LEAK001', severity: 'error', message: 'm', line: 3, off: 'a reason' }],
  thresholds: {
    verdict: 'inconclusive',
    checks: [
      {
        metric: 'accuracy',
        statistic: 'mean',
        observed: 0.5,
        bound: '>= 0.4',
        passed: null,
        reason: 'a fold failed',
      },
    ],
  },
  files: { report: 'report.html' },
  smoke: false,
};
const optional = ['reason', 'off', 'deviation_bound', 'twins'];
/** Their keys are names of metrics, datasets, files or config. */
const maps = ['config', 'metrics', 'reasons', 'summary', 'know_nothing', 'unseen', 'files'];

const validate = new Ajv({ strict: false }).compile(resultSchema);

/** Every way to take one key out of the result, or to add one, with where it was done. */
function* damaged(value: unknown, at: string): Generator<{ place: string; undo: () => void }> {
  if (typeof value !== 'object' || value === null) return;
  // A plain object or array, walked by its own keys.
  const object = value as Record<string, unknown>;
  const isMap = maps.includes(at.split('.').at(-1) ?? '');
  for (const [key, part] of Object.entries(object)) {
    const isRecord = !Array.isArray(value) && !isMap;
    if (isRecord && !optional.includes(key)) {
      delete object[key];
      yield { place: `without ${at}.${key}`, undo: () => Object.assign(object, { [key]: part }) };
    }
    yield* damaged(part, `${at}.${key}`);
  }
  if (Array.isArray(value) || isMap) return;
  object.unheard_of = 1;
  yield { place: `${at} with a further key`, undo: () => delete object.unheard_of };
}

test('a complete result is valid', () => {
  validate(result);
  expect(validate.errors).toBeNull();
});

test('a result that lacks a key, or has one too many, is not', () => {
  const copy = structuredClone(result);
  const accepted: string[] = [];
  let tried = 0;
  for (const { place, undo } of damaged(copy, 'result')) {
    if (validate(copy)) accepted.push(place);
    undo();
    tried += 1;
  }
  expect(accepted).toEqual([]);
  expect(tried).toBeGreaterThan(100);
});
