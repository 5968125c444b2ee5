import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { openImages } from '../../dataset/open-images.ts';
import { loadEngine } from '../../engine/load.ts';
import { buildModel } from '../../model/build-model.ts';
import { withDefaults } from '../../model/defaults.ts';
import type { ModelGraph } from '../../model/graph.ts';
import { findLayer } from '../../model/layers/index.ts';
import { imageInput } from '../input-source.ts';
import { modelVariables, takeSnapshot } from '../model-weights.ts';
import type { Precision } from '../precision.ts';
import { type FeatureCache, openFrozenPart, type Pictures } from './frozen-part.ts';
import { splitAtFrozen } from './split-graph.ts';

jest.setTimeout(120_000);

const tf = await loadEngine({ device: 'cpu' });

const layers = [
  { type: 'conv2d', filters: 6, kernel_size: 3, activation: 'relu', trainable: false },
  { type: 'batch_normalization', trainable: false },
  { type: 'max_pooling2d' },
  { type: 'flatten' },
  { type: 'dense', units: 4, activation: 'softmax' },
];
const nodes = layers.map(({ type, trainable = true, ...options }, i) => {
  const schema = findLayer(type)?.schema;
  if (!schema) throw new Error(`no layer ${type}`);
  const config = withDefaults(schema, { type, ...options });
  return { name: type, type, config, inputs: [layers[i - 1]?.type ?? 'input'], trainable };
});
const graph: ModelGraph = { input: [10, 10, 1], nodes, output: 'dense' };

/** 150 pictures: more than one block, and a last batch that is not full. */
const samples = 150;
const path = join(mkdtempSync(join(tmpdir(), 'foldwise-')), 'images.u8');
writeFileSync(
  path,
  Uint8Array.from({ length: samples * 100 }, (_, i) => (i * 7919) % 251),
);
const images = openImages({ path, samples, height: 10, width: 10, channels: 1 });
const transform = { mean: [0], scale: [1 / 255], reverse_channels: false };
const pictures: Pictures = {
  input: imageInput(tf, images, transform),
  samples,
  fingerprint: 'these',
};

const newCache = (limit = 1e9): FeatureCache => ({
  directory: mkdtempSync(join(tmpdir(), 'foldwise-')),
  limit,
});

type Opening = { seed?: number; stop?: boolean; precision?: Precision };

function open(
  cache: FeatureCache | undefined,
  { seed = 3, stop = false, precision = 'float32' }: Opening = {},
) {
  const { split } = splitAtFrozen(graph, { augmentation: [] });
  if (!split) throw new Error('no cut');
  const notes: string[] = [];
  const progress: number[] = [];
  const model = buildModel(tf, graph, { seed });
  const part = openFrozenPart(tf, {
    ...{ model, split, cache, precision, mode: 'auto', circumstances: 'here' },
    onNote: (message) => notes.push(message),
    onProgress: (done) => progress.push(done),
    shouldStop: () => stop,
  });
  return { model, part, notes, progress };
}

const someSamples = Uint32Array.of(149, 3, 77, 128, 0);

test('cached and computed features have the same bits, whatever the batch', async () => {
  const cached = await open(newCache()).part.featuresOf(pictures);
  const computed = await open(undefined).part.featuresOf(pictures);
  expect([cached.cached, computed.cached]).toEqual([true, false]);
  const valuesOf = ({ input }: typeof cached, indices: Uint32Array) => [
    ...input.decode(input.read(indices)).dataSync(),
  ];
  const values = valuesOf(cached, someSamples);
  expect(values).toEqual(valuesOf(computed, someSamples));
  const alone = [...someSamples].flatMap((sample) => valuesOf(computed, Uint32Array.of(sample)));
  expect(values).toEqual(alone);
  const all = Uint32Array.from({ length: samples }, (_, i) => i);
  expect(valuesOf(cached, all)).toEqual(valuesOf(computed, all));
});

test('features of mixed precision are its own, cached as computed', async () => {
  const cache = newCache();
  const precision = 'mixed_bfloat16';
  const valuesOf = async (part: ReturnType<typeof open>['part']) => {
    const { input } = await part.featuresOf(pictures);
    return [...input.read(someSamples).dataSync()];
  };
  const exact = await valuesOf(open(cache).part);
  const mixed = await valuesOf(open(cache, { precision }).part);
  expect(mixed).toEqual(await valuesOf(open(undefined, { precision }).part));
  expect(mixed).not.toEqual(exact);
  expect(readdirSync(cache.directory)).toHaveLength(2);
});

test('the head on features gives what the whole model gives on pictures', async () => {
  const { model, part } = open(newCache());
  const { input } = await part.featuresOf(pictures);
  const whole = model.predict(pictures.input.decode(pictures.input.read(someSamples))) as Tensor;
  const parts = part.head.predict(input.decode(input.read(someSamples))) as Tensor;
  const expected = whole.dataSync();
  parts.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? 0, 6);
  });
});

test('a second process finds the features; other weights and pictures have their own', async () => {
  const cache = newCache();
  await open(cache).part.featuresOf(pictures);
  const again = open(cache);
  await again.part.featuresOf(pictures);
  expect(again.progress).toEqual([samples]);
  expect(readdirSync(cache.directory)).toHaveLength(1);
  await open(cache, { seed: 4 }).part.featuresOf(pictures);
  await open(cache).part.featuresOf({ ...pictures, fingerprint: 'others' });
  expect(readdirSync(cache.directory)).toHaveLength(3);
});

test('what training makes of the head goes back into the whole model, the base stays', () => {
  const { model, part } = open(undefined);
  const before = takeSnapshot(modelVariables(model));
  for (const variable of modelVariables(part.head).values()) variable.assign(tf.add(variable, 1));
  expect(takeSnapshot(modelVariables(model))).toEqual(before);
  part.finish();
  const changes = [...takeSnapshot(modelVariables(model))].map(([name, values]) => [
    name,
    values.some((value, i) => value !== before.get(name)?.[i]),
  ]);
  expect(changes.filter(([, changed]) => changed).map(([name]) => name)).toEqual([
    'model/dense/0',
    'model/dense/1',
  ]);
});

test('without room in the cache features are computed, with a note', async () => {
  const { part, notes } = open(newCache(1000));
  expect((await part.featuresOf(pictures)).cached).toBe(false);
  expect(notes).toEqual([expect.stringMatching(/no room for 1 MB.*FOLDWISE_CACHE_LIMIT/)]);
});

test('asked to stop it keeps the blocks that are done', async () => {
  const cache = newCache();
  const stopped = await open(cache, { stop: true }).part.featuresOf(pictures);
  expect(stopped.cached).toBe(false);
  const { part, progress } = open(cache);
  await part.featuresOf(pictures);
  expect(progress[0]).toBeGreaterThan(0);
});
