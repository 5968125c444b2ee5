import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import { loadEngine } from '../../../src/engine/load.ts';
import { backbones } from '../../../src/model/backbones/index.ts';
import { buildModel } from '../../../src/model/build-model.ts';
import { checkModel } from '../../../src/model/check-model.ts';
import { withDefaults } from '../../../src/model/defaults.ts';
import type { ModelConfig } from '../../../src/model/schema.ts';
import { optimizers } from '../../../src/training/optimizers/index.ts';
import { type TrainingConfig, trainingSchema } from '../../../src/training/schema.ts';
import { trainFold } from '../../../src/training/train-fold.ts';

jest.setTimeout(240_000); // a busy machine is no failure

const tf = await loadEngine({ device: 'cpu' });

const samples = 12;
const side = 32;
const labels = Int32Array.from({ length: samples }, (_, index) => index % 3);
const pixels = Float32Array.from({ length: samples * side * side * 3 }, (_, index) =>
  Math.sin(index * 12.9898),
);

// Defaults filled in by the schema that says what the type is.
const training = withDefaults(trainingSchema, {
  epochs: 2,
  batch_size: 4,
  optimizer: withDefaults(optimizers.adam.schema, { type: 'adam', learning_rate: 0.01 }),
}) as TrainingConfig;

function modelWith(options: object): { model: LayersModel; isBase(layer: string): boolean } {
  // The options are those of the schema, which fills in the others.
  const backbone = withDefaults(backbones.resnet50.schema, {
    type: 'resnet50',
    weights: 'none',
    ...options,
  }) as ModelConfig['backbone'];
  const config = {
    backbone,
    blocks: {},
    layers: ['flatten', { type: 'dense', units: 3, activation: 'softmax' }],
  };
  const { graph } = checkModel(config, { shape: [side, side, 3], classes: 3 });
  if (!graph) throw new Error('the model is sound');
  const head = new Set(['flatten', 'dense']);
  return { model: buildModel(tf, graph, { seed: 3 }), isBase: (layer) => !head.has(layer) };
}

/** A digest of the bits of each layer's weights and moving statistics. */
const weightsOf = (model: LayersModel) =>
  new Map(
    model.layers.map(({ name, weights }) => {
      const hash = createHash('sha1');
      for (const weight of weights) hash.update(new Uint8Array(weight.read().dataSync().buffer));
      return [name, hash.digest('hex')];
    }),
  );

const changedLayers = (before: ReadonlyMap<string, string>, model: LayersModel): string[] =>
  [...weightsOf(model)]
    .filter(([name, digest]) => digest !== before.get(name))
    .map(([name]) => name);

async function train(model: LayersModel, mode: 'eager' | 'graph'): Promise<void> {
  const indices = Uint32Array.from({ length: samples }, (_, index) => index);
  await trainFold({
    tf,
    model,
    input: {
      shape: [side, side, 3],
      read: (wanted) => tf.gather(tf.tensor4d(pixels, [samples, side, side, 3]), [...wanted]),
      decode: (stored) => stored,
    },
    labels,
    classes: ['a', 'b', 'c'],
    fold: { fold: 0, repeat: 0, train: indices.subarray(0, 8), validation: indices.subarray(8) },
    config: training,
    monitors: ['accuracy'],
    seed: 7,
    stateDirectory: join(mkdtempSync(join(tmpdir(), 'fold-')), 'state'),
    smoke: false,
    mode,
    onEpoch: () => {},
    shouldStop: () => false,
  });
}

test.each(['eager', 'graph'] as const)(
  'two epochs leave every weight and statistic of a frozen ResNet50 as it was (%s)',
  async (mode) => {
    const { model, isBase } = modelWith({ trainable: false });
    const before = weightsOf(model);
    await train(model, mode);
    expect(changedLayers(before, model)).toEqual(['dense']);
    expect([...before.keys()].filter(isBase).length).toBeGreaterThan(170);
  },
);

test('a ResNet50 that learns from a layer on changes from there, and nowhere before', async () => {
  const { model } = modelWith({ trainable: { from: 'conv5_block3_2_conv' } });
  const before = weightsOf(model);
  await train(model, 'eager');
  expect(changedLayers(before, model)).toEqual([
    'conv5_block3_2_conv',
    'conv5_block3_2_bn',
    'conv5_block3_3_conv',
    'conv5_block3_3_bn',
    'dense',
  ]);
});
