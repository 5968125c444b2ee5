import { beforeAll, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { loadEngine } from '../engine/load.ts';
import { seedRandomStream } from '../engine/random.ts';
import { buildModel } from './build-model.ts';
import { checkModel } from './check-model.ts';
import type { ModelGraph, Shape } from './graph.ts';
import { applyConstraints, penalty } from './penalty.ts';
import type { LayerEntry } from './schema.ts';
import { summarizeModel } from './summarize-model.ts';

type Topology = Exclude<
  Parameters<Engine['models']['modelFromJSON']>[0],
  { modelTopology: unknown }
>;

let tf: Engine;
beforeAll(async () => {
  tf = await loadEngine({ device: 'cpu' });
});

function graphOf(layers: readonly LayerEntry[], shape: Shape, classes = 7): ModelGraph {
  const { graph, problems } = checkModel({ layers, blocks: {} }, { shape, classes });
  expect(problems).toEqual([]);
  if (graph === undefined) throw new Error('no graph');
  return graph;
}

const conv = (filters: number, options: object = {}): LayerEntry => ({
  type: 'conv2d',
  filters,
  kernel_size: 3,
  padding: 'same',
  activation: 'relu',
  ...options,
});
const l2 = { kernel_regularizer: { type: 'l2', l2: 0.01 } };
const shrink: LayerEntry[] = [
  'batch_normalization',
  'max_pooling2d',
  { type: 'dropout', rate: 0.25 },
];
const thesis: LayerEntry[] = [
  conv(32),
  conv(64),
  ...shrink,
  conv(128, l2),
  ...shrink,
  conv(256, { padding: 'valid', ...l2 }),
  ...shrink,
  'flatten',
  { type: 'dense', units: 512, activation: 'relu' },
  { type: 'dropout', rate: 0.5 },
  { type: 'dense', units: 'classes', activation: 'softmax' },
];

const small: LayerEntry[] = [
  conv(4, l2),
  'batch_normalization',
  { type: 'dropout', rate: 0.5 },
  'flatten',
  { type: 'dense', units: 'classes', activation: 'softmax', kernel_constraint: 'max_norm' },
];

test("the thesis's CNN has 3,670,535 parameters", () => {
  const { parameters, layers } = summarizeModel(graphOf(thesis, [48, 48, 1]));
  expect(parameters).toEqual({ total: 3670535, trainable: 3669639, non_trainable: 896 });
  expect(layers.at(-1)?.output_shape).toEqual([7]);
});

test('a built model has the summary’s parameters and names', () => {
  const graph = graphOf(small, [6, 6, 1]);
  const model = buildModel(tf, graph, { seed: 3 });
  expect(model.countParams()).toBe(summarizeModel(graph).parameters.total);
  expect(model.layers.slice(1).map(({ name }) => name)).toEqual(
    graph.nodes.map(({ name }) => name),
  );
  model.dispose();
});

test('the same seed gives the same weights bit by bit, another seed does not', () => {
  const graph = graphOf(small, [6, 6, 1]);
  const weights = (seed: number): number[] => {
    const model = buildModel(tf, graph, { seed });
    const values = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    model.dispose();
    return values;
  };
  expect(weights(3)).toEqual(weights(3));
  expect(weights(3)).not.toEqual(weights(4));
});

test('dropout draws anew at each call and repeats from its seed', () => {
  const graph = graphOf(small, [6, 6, 1]);
  const model = buildModel(tf, graph, { seed: 3 });
  const run = (): number[] =>
    tf.tidy(() =>
      // A model with one output gives one tensor.
      Array.from((model.apply(tf.ones([2, 6, 6, 1]), { training: true }) as Tensor).dataSync()),
    );
  seedRandomStream(tf, 1);
  const first = [run(), run()];
  seedRandomStream(tf, 1);
  expect([run(), run()]).toEqual(first);
  expect(first[0]).not.toEqual(first[1]);
  model.dispose();
});

test('a frozen batch normalization keeps its statistics in training', () => {
  const entry = { type: 'batch_normalization', trainable: false, scale: false };
  const graph = graphOf([entry, ...small.slice(3)], [6, 6, 1]);
  const model = buildModel(tf, graph, { seed: 3 });
  const before = model.layers[1]?.getWeights().map((weight) => Array.from(weight.dataSync()));
  tf.tidy(() => {
    model.apply(tf.randomNormal([4, 6, 6, 1]), { training: true });
  });
  const after = model.layers[1]?.getWeights().map((weight) => Array.from(weight.dataSync()));
  expect(after).toEqual(before);
  expect(after).toHaveLength(3);
  model.dispose();
});

test('the penalty is the sum of squares of regularized kernels, without frozen ones', () => {
  const model = buildModel(tf, graphOf(small, [6, 6, 1]), { seed: 3 });
  const [kernel] = model.layers[1]?.getWeights() ?? [];
  const squares = Array.from(kernel?.dataSync() ?? []).reduce((sum, w) => sum + w * w, 0);
  expect(penalty(tf, model).dataSync()[0]).toBeCloseTo(0.01 * squares, 6);
  for (const layer of model.layers) layer.trainable = false;
  expect(penalty(tf, model).dataSync()[0]).toBe(0);
  model.dispose();
});

test('constraints are applied on demand', () => {
  const model = buildModel(tf, graphOf(small, [6, 6, 1]), { seed: 3 });
  const [kernel] = model.layers.at(-1)?.weights ?? [];
  if (kernel === undefined) throw new Error('no kernel');
  // An optimizer assigns to the variable itself.
  (kernel.read() as ReturnType<Engine['variable']>).assign(tf.fill([144, 7], 3));
  applyConstraints(tf, model);
  const norms = tf.sqrt(tf.sum(tf.square(kernel.read()), 0)).dataSync();
  expect(Math.max(...Array.from(norms))).toBeCloseTo(2, 5);
  model.dispose();
});

test('building, running and disposing a model leaves no tensors', () => {
  const graph = graphOf(thesis.slice(0, 4).concat(small.slice(3)), [8, 8, 1]);
  const round = (): void => {
    const model = buildModel(tf, graph, { seed: 1 });
    tf.tidy(() => {
      model.apply(tf.ones([2, 8, 8, 1]), { training: true });
    });
    model.dispose();
  };
  round();
  const before = tf.memory().numTensors;
  round();
  expect(tf.memory().numTensors).toBe(before);
});

test('a saved model loads as a plain tfjs model with the same outputs', async () => {
  const layers: LayerEntry[] = [
    conv(4, { kernel_regularizer: 'l2', kernel_constraint: { type: 'max_norm', max_value: 3 } }),
    ...shrink,
    { type: 'zero_padding2d', padding: 1 },
    { type: 'separable_conv2d', filters: 3, kernel_size: 3, pointwise_initializer: 'he_normal' },
    'leaky_relu',
    { type: 'average_pooling2d', padding: 'same' },
    'flatten',
    { type: 'dense', units: 5, activation: 'silu' },
    { type: 'reshape', target_shape: [5, 1] },
    { type: 'lstm', units: 3 },
    { type: 'dense', units: 'classes', activation: 'softmax' },
  ];
  const model = buildModel(tf, graphOf(layers, [9, 8, 1]), { seed: 1 });
  // The topology as text, which is what model.json holds; JSON is plain data.
  const topology = JSON.parse(JSON.stringify(model.toJSON(null, false))) as Topology;
  const loaded = await tf.models.modelFromJSON({ modelTopology: topology });
  expect(loaded.layers.map((layer) => layer.constructor.name)).not.toContain('CatalogueLayer');
  loaded.setWeights(model.getWeights());
  const images = tf.randomUniform([2, 9, 8, 1]);
  const difference = tf.sub(model.predict(images) as Tensor, loaded.predict(images) as Tensor);
  expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-6);
});
