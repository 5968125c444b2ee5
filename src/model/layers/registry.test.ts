import { beforeAll, expect, test } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { loadEngine } from '../../engine/load.ts';
import type { Schema } from '../../schema/json-schema.ts';
import { augmentations } from '../augmentation/index.ts';
import { constraints } from '../constraints.ts';
import { withDefaults } from '../defaults.ts';
import { initializers } from '../initializers.ts';
import { regularizers } from '../regularizers.ts';
import { findLayer, type LayerType, layers } from './index.ts';
import { image, samples } from './samples.ts';

let tf: Engine;
beforeAll(async () => {
  tf = await loadEngine({ device: 'cpu' });
});

// The names as a literal union, which Object.keys does not give.
const types = Object.keys(layers) as LayerType[];

test.each(types)('%s is built with the shapes and weights that are inferred for it', (type) => {
  const definition = findLayer(type);
  if (definition === undefined) throw new Error(`no layer ${type}`);
  const { options = {}, shapes = [image] } = samples[type] ?? {};
  const config = withDefaults(definition.schema, { type, ...options });
  const layer = definition.build(config, { tf, name: type, trainable: true, seed: 1 });
  const inferred = definition.weights?.(config, shapes) ?? [];
  tf.engine().startScope();
  const inputs = shapes.map((shape) => tf.abs(tf.randomUniform([2, ...shape], 0, 1)));
  for (const training of [false, true]) {
    // A layer that is applied to tensors gives one tensor.
    const input = inputs.length === 1 ? (inputs[0] ?? []) : inputs;
    const output = layer.apply(input, { training }) as Tensor;
    expect(output.shape).toEqual([2, ...definition.shape(config, shapes)]);
    expect(Array.from(output.dataSync()).every(Number.isFinite)).toBe(true);
  }
  const seen = (weights: typeof layer.weights): (readonly (number | null)[])[] =>
    weights.map(({ shape }) => shape);
  expect(seen(layer.weights)).toEqual(inferred.map(({ shape }) => shape));
  expect(layer.trainableWeights).toHaveLength(inferred.filter(({ trainable }) => trainable).length);
  tf.engine().endScope();
});

/** Every property has words, all the way down. */
function undescribed(schema: Schema, path: string): string[] {
  const children: [string, Schema][] = [];
  if ('properties' in schema) children.push(...Object.entries(schema.properties));
  const own = children.flatMap(([key, child]) =>
    child.description ? [] : [`${path}.${key} has no description`],
  );
  const unions = 'oneOf' in schema ? schema.oneOf : 'anyOf' in schema ? schema.anyOf : [];
  const deeper = [
    ...children,
    ...unions.map((child, index): [string, Schema] => [`${index}`, child]),
  ];
  return [...own, ...deeper.flatMap(([key, child]) => undescribed(child, `${path}.${key}`))];
}

const registries = { layers, augmentations, initializers, regularizers, constraints };

test.each(Object.entries(registries))(
  '%s: each key is its type, and all is described',
  (_name, registry) => {
    for (const [key, { schema }] of Object.entries<{ schema: Schema }>(registry)) {
      const properties = 'properties' in schema ? schema.properties : {};
      expect(properties.type).toMatchObject({ const: key });
      expect(schema).toMatchObject({
        additionalProperties: false,
        required: expect.arrayContaining(['type']),
      });
      expect(undescribed(schema, key)).toEqual([]);
    }
  },
);

test('squeeze_excite is global pooling, two dense layers and a product', () => {
  const definition = layers.squeeze_excite;
  const config = { type: 'squeeze_excite', ratio: 2, activation: 'relu' } as const;
  const layer = definition.build(config, { tf, name: 'se', trainable: true, seed: 3 });
  const x = tf.randomUniform([2, 3, 3, 4], -1, 1);
  // A layer that is applied to a tensor gives a tensor.
  const output = layer.apply(x) as Tensor;
  const [squeeze, squeezeBias, excite, exciteBias] = layer.weights.map((weight) => weight.read());
  if (!squeeze || !squeezeBias || !excite || !exciteBias) throw new Error('four weights');
  expect(squeeze.shape).toEqual([4, 2]);
  const hidden = tf.relu(tf.add(tf.dot(tf.mean(x, [1, 2]), squeeze), squeezeBias));
  const factors = tf.sigmoid(tf.add(tf.dot(hidden, excite), exciteBias));
  const expected = tf.mul(x, tf.reshape(factors, [2, 1, 1, 4]));
  const distance = tf.max(tf.abs(tf.sub(output, expected))).dataSync()[0];
  expect(distance).toBeLessThan(1e-6);
});

test('layer_scale starts from its initial value', () => {
  const layer = layers.layer_scale.build(
    { type: 'layer_scale', init_values: 0.5 },
    { tf, name: 'scale', trainable: true, seed: 3 },
  );
  const output = layer.apply(tf.ones([1, 2, 2, 3])) as Tensor;
  expect(Array.from(output.dataSync())).toEqual(Array(12).fill(0.5));
});

test('dropout keeps the mean, and its share of zeros', () => {
  const layer = layers.dropout.build(
    { type: 'dropout', rate: 0.4, noise_shape: null },
    { tf, name: 'dropout', trainable: true, seed: 3 },
  );
  const values = Array.from(
    (layer.apply(tf.ones([100, 1000]), { training: true }) as Tensor).dataSync(),
  );
  const zeros = values.filter((value) => value === 0).length / values.length;
  // Five standard deviations of a share of 100,000 draws.
  expect(Math.abs(zeros - 0.4)).toBeLessThan(5 * Math.sqrt((0.4 * 0.6) / 1e5));
  expect(values.find((value) => value !== 0)).toBeCloseTo(1 / 0.6, 5);
});

test('spatial_dropout2d drops whole channels of a sample', () => {
  const layer = layers.spatial_dropout2d.build(
    { type: 'spatial_dropout2d', rate: 0.5 },
    { tf, name: 'spatial', trainable: true, seed: 3 },
  );
  const output = layer.apply(tf.ones([8, 3, 3, 16]), { training: true }) as Tensor;
  const sums = Array.from(tf.sum(output, [1, 2]).dataSync());
  expect(new Set(sums)).toEqual(new Set([0, 18]));
});
