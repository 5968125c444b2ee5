import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../engine/load.ts';
import type { InputSource } from './input-source.ts';
import type { TrainingConfig } from './schema.ts';
import { type FoldTask, trainFold } from './train-fold.ts';

const tf = await loadEngine({ device: 'cpu' });

/** 40 samples of 4 features in 3 classes; the class stands in the features, with noise. */
const samples = 40;
const labels = Int32Array.from({ length: samples }, (_, i) => i % 3);
const features = Float32Array.from({ length: samples * 4 }, (_, i) => {
  const sample = Math.floor(i / 4);
  return (i % 4 === sample % 3 ? 1 : 0) + 0.9 * Math.sin(i * 12.9898);
});

const input: InputSource = {
  shape: [4],
  read: (indices) =>
    tf.tensor2d(
      [...indices].flatMap((sample) => [...features.subarray(sample * 4, sample * 4 + 4)]),
      [indices.length, 4],
    ),
};

const config = {
  epochs: 3,
  batch_size: 8,
  optimizer: {
    type: 'adam',
    learning_rate: 0.05,
    beta_1: 0.9,
    beta_2: 0.999,
    epsilon: 1e-7,
    amsgrad: false,
  },
  class_weight: 'none',
  sampling: 'none',
  callbacks: [],
} as const satisfies TrainingConfig;

function buildModel(): LayersModel {
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.dense({
        units: 8,
        activation: 'relu',
        inputShape: [4],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
      }),
      layers.batchNormalization({}),
      layers.dense({
        units: 3,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
}

const directory = () => join(mkdtempSync(join(tmpdir(), 'fold-')), 'state');

function taskOf(changes: Partial<FoldTask> = {}): FoldTask {
  const indices = Uint32Array.from({ length: samples }, (_, i) => i);
  return {
    tf,
    model: buildModel(),
    input,
    labels,
    classes: ['a', 'b', 'c'],
    fold: { fold: 0, repeat: 0, train: indices.subarray(0, 30), validation: indices.subarray(30) },
    config,
    monitors: ['accuracy'],
    seed: 7,
    stateDirectory: directory(),
    smoke: false,
    onEpoch: () => {},
    shouldStop: () => false,
    ...changes,
  };
}

const weightsOf = (model: LayersModel) => model.getWeights().map((w) => [...w.dataSync()]);

test('a fold learns, and reports every epoch with losses and monitors', async () => {
  const reported: number[] = [];
  const task = taskOf({
    config: { ...config, epochs: 12 },
    onEpoch: ({ epoch }) => reported.push(epoch),
  });
  const result = await trainFold(task);
  expect(reported).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(result.epochsRun).toBe(12);
  expect(result.selection).toEqual({ rule: 'last_epoch', monitor: null });
  const [first, last] = [result.epochs[0], result.epochs[11]];
  expect(Object.keys(last?.values ?? {})).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
  expect(last?.values.loss).toBeLessThan((first?.values.loss ?? 0) * 0.8);
});

const stopping = (patience: number) =>
  ({
    type: 'early_stopping',
    monitor: 'val_loss',
    mode: 'auto',
    min_delta: 0,
    patience,
    restore_best_weights: true,
    start_from_epoch: 0,
  }) as const;

const checkpoint = {
  type: 'model_checkpoint',
  monitor: 'val_accuracy',
  mode: 'auto',
  save_best_only: true,
} as const;

test('early stopping leaves the weights of the best epoch in the model', async () => {
  const optimizer = { ...config.optimizer, learning_rate: 0.5 };
  const changes = { config: { ...config, epochs: 40, optimizer, callbacks: [stopping(2)] } };
  const task = taskOf(changes);
  const result = await trainFold(task);
  const best = result.bestEpoch ?? 0;
  const losses = result.epochs.map(({ values }) => values.val_loss ?? 0);
  expect(result.selection).toEqual({ rule: 'early_stopping', monitor: 'val_loss' });
  expect(losses[best - 1]).toBe(Math.min(...losses));
  expect(result.epochsRun).toBe(best + 2);
  expect(result.stopped).toMatch(/val_loss did not improve/);

  const untilBest = taskOf({ config: { ...config, epochs: best, optimizer } });
  await trainFold(untilBest);
  expect(weightsOf(task.model)).toEqual(weightsOf(untilBest.model));
});

test('a checkpoint decides unless early stopping restores', async () => {
  const callbacks = [checkpoint];
  const alone = await trainFold(taskOf({ config: { ...config, callbacks } }));
  expect(alone.selection).toEqual({ rule: 'model_checkpoint', monitor: 'val_accuracy' });
  const both = await trainFold(
    taskOf({ config: { ...config, callbacks: [stopping(5), checkpoint] } }),
  );
  expect(both.selection).toEqual({ rule: 'early_stopping', monitor: 'val_loss' });
});
