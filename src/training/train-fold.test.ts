import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../engine/load.ts';
import { buildModel } from '../model/build-model.ts';
import { withDefaults } from '../model/defaults.ts';
import { findLayer } from '../model/layers/index.ts';
import { readFoldState } from './fold-state.ts';
import type { InputSource } from './input-source.ts';
import type { TrainingConfig } from './schema.ts';
import { type FoldTask, trainFold } from './train-fold.ts';

jest.setTimeout(120_000); // a busy machine is no failure

const tf = await loadEngine({ device: 'cpu' });

/** 40 samples of 2 × 2 pixels in 3 classes; the class stands in the pixels, with noise. */
const samples = 40;
const labels = Int32Array.from({ length: samples }, (_, i) => i % 3);
const pixels = Float32Array.from({ length: samples * 4 }, (_, i) => {
  const sample = Math.floor(i / 4);
  return (i % 4 === sample % 3 ? 1 : 0) + 0.9 * Math.sin(i * 12.9898);
});

const input: InputSource = {
  shape: [2, 2, 1],
  read: (indices) =>
    tf.tensor4d(
      [...indices].flatMap((sample) => [...pixels.subarray(sample * 4, sample * 4 + 4)]),
      [indices.length, 2, 2, 1],
    ),
  decode: (stored) => stored,
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
  augmentation: [],
  callbacks: [],
  precision: 'float32',
} as const satisfies TrainingConfig;

type Layer = { name: string; type: string; trainable?: boolean } & Record<string, unknown>;

const features: readonly Layer[] = [
  { name: 'flatten', type: 'flatten' },
  {
    name: 'hidden',
    type: 'dense',
    units: 8,
    activation: 'relu',
    kernel_regularizer: { type: 'l2', l2: 0.01 },
  },
  { name: 'norm', type: 'batch_normalization' },
];
const head: Layer = { name: 'head', type: 'dense', units: 3, activation: 'softmax' };

/** A chain of catalogue layers. */
function build(layers: readonly Layer[]): LayersModel {
  const nodes = layers.map(({ name, type, trainable = true, ...options }, i) => {
    const definition = findLayer(type);
    if (!definition) throw new Error(`no layer ${type}`);
    const config = withDefaults(definition.schema, { type, ...options });
    return { name, type, config, inputs: [layers[i - 1]?.name ?? 'input'], trainable };
  });
  const output = nodes.at(-1)?.name ?? 'input';
  return buildModel(tf, { input: [2, 2, 1], nodes, output }, { seed: 11 });
}

const plainModel = () => build([...features, head]);

const modelWithDropout = () =>
  build([...features, { name: 'dropout', type: 'dropout', rate: 0.3 }, head]);

/** Only the head learns. */
const withFrozenFeatures = () =>
  build([...features.map((layer) => ({ ...layer, trainable: false })), head]);

const directory = () => join(mkdtempSync(join(tmpdir(), 'fold-')), 'state');

function taskOf(changes: Partial<FoldTask> = {}): FoldTask {
  const indices = Uint32Array.from({ length: samples }, (_, i) => i);
  return {
    tf,
    model: plainModel(),
    input,
    labels,
    classes: ['a', 'b', 'c'],
    fold: { fold: 0, repeat: 0, train: indices.subarray(0, 30), validation: indices.subarray(30) },
    config,
    monitors: ['accuracy'],
    seed: 7,
    stateDirectory: directory(),
    smoke: false,
    mode: 'eager',
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

const demanding = {
  ...config,
  epochs: 7,
  optimizer: { ...config.optimizer, amsgrad: true, clipnorm: 1, weight_decay: 0.01 },
  class_weight: 'balanced',
  sampling: 'oversample',
  augmentation: [
    { type: 'random_flip', mode: 'horizontal', classes: ['b'] },
    { type: 'random_brightness', factor: 0.1, value_range: [-2, 2] },
  ],
  mixup: { alpha: 0.4 },
  callbacks: [
    {
      type: 'reduce_lr_on_plateau',
      monitor: 'val_loss',
      mode: 'auto',
      factor: 0.5,
      patience: 1,
      min_delta: 0.5,
      cooldown: 0,
      min_lr: 0,
    },
    stopping(4),
  ],
} as const satisfies TrainingConfig;

test.each(['eager', 'graph'] as const)(
  'an interrupted fold goes on to the same weights, bit by bit (%s)',
  async (mode) => {
    const whole = taskOf({ model: modelWithDropout(), config: demanding, mode });
    const expected = await trainFold(whole);
    expect(new Set(expected.epochs.map((epoch) => epoch.learning_rate)).size).toBeGreaterThan(2);

    const stateDirectory = directory();
    const changes = { config: demanding, mode, stateDirectory };
    const first = taskOf({ ...changes, model: modelWithDropout() });
    let batches = 0;
    const stopInEpoch3 = () => batches > 10;
    const interrupted = await trainFold({
      ...first,
      onProgress: () => {
        batches += 1;
      },
      shouldStop: stopInEpoch3,
    });
    expect(interrupted.interrupted).toBe(true);
    expect(interrupted.epochsRun).toBeLessThan(expected.epochsRun);
    expect(interrupted.epochsRun).toBeGreaterThanOrEqual(2);

    const second = taskOf({ ...changes, model: modelWithDropout() });
    const resumed = await trainFold(second);
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
    const timeless = (epochs: typeof resumed.epochs) =>
      epochs.map((one) => ({ ...one, seconds: 0 }));
    expect(timeless(resumed.epochs)).toEqual(timeless(expected.epochs));
    expect(resumed.bestEpoch).toBe(expected.bestEpoch);
  },
);

test.each([1, 2, 4])('a fold that dies after epoch %d ends with the same weights', async (last) => {
  const whole = taskOf({ model: modelWithDropout(), config: demanding });
  const expected = await trainFold(whole);
  const stateDirectory = directory();
  const dying = taskOf({ model: modelWithDropout(), config: demanding, stateDirectory });
  const death = trainFold({
    ...dying,
    onEpoch: ({ epoch }) => {
      if (epoch === last) throw new Error('killed');
    },
  });
  await expect(death).rejects.toThrow('killed');
  const again = taskOf({ model: modelWithDropout(), config: demanding, stateDirectory });
  const resumed = await trainFold(again);
  expect(weightsOf(again.model)).toEqual(weightsOf(whole.model));
  expect(resumed.epochsRun).toBe(expected.epochsRun);
});

test('a float16 fold that dies goes on bit by bit, loss scale included', async () => {
  const float16 = { ...config, epochs: 4, precision: 'mixed_float16' } as const;
  const changes = { config: float16, mode: 'auto' } as const;
  const whole = taskOf({ ...changes, model: modelWithDropout() });
  const expected = await trainFold(whole);
  const stateDirectory = directory();
  const dying = taskOf({ ...changes, model: modelWithDropout(), stateDirectory });
  const death = trainFold({
    ...dying,
    onEpoch: ({ epoch }) => {
      if (epoch === 2) throw new Error('killed');
    },
  });
  await expect(death).rejects.toThrow('killed');
  const saved = readFoldState(stateDirectory)?.variables;
  expect(saved?.get('loss_scale/dynamic_scale')?.[0]).toBe(2 ** 15);
  expect(saved?.get('loss_scale/step_counter')?.[0]).toBe(8); // all steps so far: nothing overflowed
  const again = taskOf({ ...changes, model: modelWithDropout(), stateDirectory });
  const resumed = await trainFold(again);
  expect(weightsOf(again.model)).toEqual(weightsOf(whole.model));
  expect(resumed.epochs.at(-1)?.values).toEqual(expected.epochs.at(-1)?.values);
  const end = (task: FoldTask) => [...(readFoldState(task.stateDirectory)?.variables ?? [])];
  expect(end(again)).toEqual(end(whole));
});

test('a fold that had finished trains no further when it is asked again', async () => {
  const stateDirectory = directory();
  const first = taskOf({ stateDirectory, config: { ...config, callbacks: [stopping(5)] } });
  const result = await trainFold(first);
  const again = taskOf({
    ...first,
    model: plainModel(),
    onEpoch: () => {
      throw new Error('trained again');
    },
  });
  expect(await trainFold(again)).toEqual(result);
  expect(weightsOf(again.model)).toEqual(weightsOf(first.model));
});

test('a graph learns what op by op learns', async () => {
  const eager = taskOf({ mode: 'eager' });
  const graph = taskOf({ mode: 'graph' });
  const [one, other] = [await trainFold(eager), await trainFold(graph)];
  one.epochs.forEach(({ values }, i) => {
    expect(other.epochs[i]?.values.loss).toBeCloseTo(values.loss ?? 0, 4);
    expect(other.epochs[i]?.values.val_loss).toBeCloseTo(values.val_loss ?? 0, 4);
  });
});

test('training leaves no tensors behind', async () => {
  const task = taskOf({ config: { ...config, epochs: 1 } });
  await trainFold({ ...task, stateDirectory: directory() });
  const before = tf.memory().numTensors;
  await trainFold({ ...task, stateDirectory: directory(), config: { ...config, epochs: 4 } });
  expect(tf.memory().numTensors).toBe(before);
});

test('a loss that is no longer a number fails the fold with the place', async () => {
  const optimizer = { ...config.optimizer, learning_rate: 1e30 };
  const task = taskOf({ config: { ...config, optimizer } });
  await expect(trainFold(task)).rejects.toThrow(
    /The loss became (NaN|Infinity) in epoch 1, batch 2/,
  );
});

test('a smoke run has two batches of everything', async () => {
  const batches: number[] = [];
  const result = await trainFold(
    taskOf({ smoke: true, onProgress: (_epoch, _batch, count) => batches.push(count) }),
  );
  expect(result.epochsRun).toBe(1);
  expect(batches).toEqual([2, 2]);
});

test('a state of another model is refused', async () => {
  const stateDirectory = directory();
  await trainFold(taskOf({ stateDirectory, model: modelWithDropout() }));
  const other = build([{ name: 'flatten', type: 'flatten' }, head]);
  await expect(trainFold(taskOf({ stateDirectory, model: other }))).rejects.toThrow(
    /another model/,
  );
});

const valuesOf = (model: LayersModel, name: string) =>
  model.getLayer(name).weights.map((weight) => [...weight.read().dataSync()]);

test('a phase unfreezes layers, with its own learning rate', async () => {
  const model = withFrozenFeatures();
  const names = ['hidden', 'norm', 'head'];
  const before = names.map((name) => valuesOf(model, name));
  const head = taskOf({ model, config: { ...config, phases: [{ epochs: 2 }] } });
  await trainFold(head);
  const changed = names.map((name, i) => !isDeepStrictEqual(valuesOf(model, name), before[i]));
  expect(changed).toEqual([false, false, true]);

  const both = withFrozenFeatures();
  const phases = [
    { epochs: 2 },
    { epochs: 1, unfreeze: { from: 'hidden' }, learning_rate: 0.001 },
  ] as const;
  const result = await trainFold(taskOf({ model: both, config: { ...config, phases } }));
  expect(valuesOf(both, 'hidden')).not.toEqual(before[0]);
  expect(valuesOf(both, 'norm')).not.toEqual(before[1]);
  expect(result.epochs.map((epoch) => epoch.learning_rate)).toEqual(
    [0.05, 0.05, 0.001].map(Math.fround),
  );
});

test('a phase that changes nothing goes on with the state of the optimizer', async () => {
  const whole = taskOf({ config: { ...config, epochs: 4 } });
  await trainFold(whole);
  const parts = taskOf({ config: { ...config, phases: [{ epochs: 2 }, { epochs: 2 }] } });
  await trainFold(parts);
  expect(weightsOf(parts.model)).toEqual(weightsOf(whole.model));
});

test('a fold interrupted in its second phase goes on to the same weights', async () => {
  const phases = [{ epochs: 2 }, { epochs: 6, unfreeze: 'all', learning_rate: 0.01 }] as const;
  const changes = { config: { ...config, phases, callbacks: [stopping(6)] } };
  const whole = taskOf({ ...changes, model: withFrozenFeatures() });
  const expected = await trainFold(whole);

  const stateDirectory = directory();
  let epochs = 0;
  const part = taskOf({ ...changes, model: withFrozenFeatures(), stateDirectory });
  const interrupted = await trainFold({
    ...part,
    onEpoch: () => {
      epochs += 1;
    },
    shouldStop: () => epochs >= 3,
  });
  expect(interrupted).toMatchObject({ interrupted: true, bestEpoch: null });
  expect(interrupted.epochsRun).toBeLessThan(expected.epochsRun);
  const rest = taskOf({ ...changes, model: withFrozenFeatures(), stateDirectory });
  const resumed = await trainFold(rest);
  expect(resumed.epochsRun).toBe(expected.epochsRun);
  expect(weightsOf(rest.model)).toEqual(weightsOf(whole.model));
});

test('an unknown layer to unfreeze is an error that names it', async () => {
  const phases = [{ epochs: 1, unfreeze: { from: 'conv9' } }] as const;
  await expect(trainFold(taskOf({ config: { ...config, phases } }))).rejects.toThrow(/"conv9"/);
});

test('a model without trainable layers is an error', async () => {
  const model = build([...features, head].map((layer) => ({ ...layer, trainable: false })));
  await expect(trainFold(taskOf({ model }))).rejects.toThrow(/every layer of the model is frozen/);
});

test('a schedule in steps sets the learning rate of each update', async () => {
  const learning_rate = {
    type: 'piecewise_constant',
    boundaries: [3, 7],
    values: [0.1, 0.01, 0.001],
    warmup_steps: 0,
  } as const;
  const optimizer = { ...config.optimizer, learning_rate };
  const result = await trainFold(taskOf({ config: { ...config, optimizer } }));
  // Four batches an epoch; after the epoch: steps 4, 8 and 12.
  expect(result.epochs.map((epoch) => epoch.learning_rate)).toEqual(
    [0.01, 0.001, 0.001].map(Math.fround),
  );
});

test('one sigmoid unit trains on two classes', async () => {
  const model = build([...features, { ...head, units: 1, activation: 'sigmoid' }]);
  const twoClasses = labels.map((label) => (label === 0 ? 0 : 1));
  const task = taskOf({ model, labels: twoClasses, classes: ['a', 'rest'] });
  const result = await trainFold({ ...task, config: { ...config, epochs: 15 } });
  expect(result.epochs.at(-1)?.values.accuracy).toBeGreaterThan(0.8);
  expect(result.epochs.at(-1)?.values.loss).toBeLessThan(result.epochs[0]?.values.loss ?? 0);
});
