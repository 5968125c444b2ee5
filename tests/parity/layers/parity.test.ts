/** Layers against Keras 3: outputs, gradients, one step of descent, names and defaults. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../../src/engine/engine.ts';
import { loadEngine } from '../../../src/engine/load.ts';
import { augment } from '../../../src/model/augmentation/augment.ts';
import type { AugmentationConfig } from '../../../src/model/augmentation/index.ts';
import { type ConstraintConfig, constrain } from '../../../src/model/constraints.ts';
import { withDefaults } from '../../../src/model/defaults.ts';
import type { AnyLayer, BuiltLayer } from '../../../src/model/layers/define.ts';
import { findLayer, layers } from '../../../src/model/layers/index.ts';

type Packed = { shape: number[]; data: string };
type Entry = { type: string; [option: string]: unknown };
type Case = {
  label: string;
  entry: Entry;
  inputs: Packed[];
  names: string[];
  weights: Packed[];
  output: Packed;
  training_output: Packed;
  projection: Packed;
  input_gradients: (Packed | null)[];
  updated: Packed[];
  loss: number;
};
type Fixture = {
  learning_rate: number;
  cases: Case[];
  augmentations: { images: Packed; cases: { entry: AugmentationConfig; output: Packed }[] };
  constraints: { weight: Packed; cases: { config: ConstraintConfig; output: Packed }[] };
  masked: { input: Packed; cases: { entry: Entry; weights: Packed[]; output: Packed }[] };
  local_response: {
    input: Packed;
    projection: Packed;
    cases: { entry: Entry; output: Packed; gradient: Packed }[];
  };
  defaults: Record<string, { required: string[]; defaults: Record<string, unknown> }>;
};

// The script beside this file wrote it in this form.
const fixture = JSON.parse(
  gunzipSync(readFileSync(new URL('fixture.json.gz', import.meta.url))).toString(),
) as Fixture;

let tf: Engine;
beforeAll(async () => {
  tf = await loadEngine({ device: 'cpu' });
});

const numbers = ({ data }: Packed): number[] => {
  const bytes = Buffer.from(data, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
};
const unpack = (packed: Packed): Tensor => tf.tensor(numbers(packed), packed.shape, 'float32');

/** At most 1e-5 of the larger of 1 and the largest value. */
function expectClose(actual: Tensor, expected: Packed, what: string): void {
  expect(`${what} ${actual.shape}`).toBe(`${what} ${expected.shape}`);
  const values = Array.from(actual.dataSync());
  const wanted = numbers(expected);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  const worst = Math.max(
    0,
    ...wanted.map((value, index) => Math.abs((values[index] ?? Number.NaN) - value)),
  );
  expect(`${what} ${worst <= 1e-5 * scale ? 'close' : worst}`).toBe(`${what} close`);
}

function definitionOf(type: string): AnyLayer {
  const definition = findLayer(type);
  if (definition === undefined) throw new Error(`no layer ${type}`);
  return definition;
}

function built({ entry, inputs, weights }: Pick<Case, 'entry' | 'inputs' | 'weights'>): BuiltLayer {
  const definition = definitionOf(entry.type);
  const options = withDefaults(definition.schema, entry);
  const { type: name } = entry;
  const layer = definition.build(options, { tf, name, trainable: true, seed: 1 });
  const shapes = inputs.map(({ shape }) => shape);
  layer.build(shapes.length === 1 ? (shapes[0] ?? []) : shapes);
  layer.setWeights(weights.map(unpack));
  return layer;
}

/** What the registry says without TensorFlow. */
function expectInferred({ entry, inputs, output, weights, names }: Case): void {
  const definition = definitionOf(entry.type);
  const options = withDefaults(definition.schema, entry);
  const shapes = inputs.map(({ shape }) => shape.slice(1));
  expect(definition.shape(options, shapes)).toEqual(output.shape.slice(1));
  const inferred = definition.weights?.(options, shapes) ?? [];
  expect(inferred.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape));
  const isCompound = ['bidirectional', 'multi_head_attention'].includes(entry.type);
  if (!isCompound) expect(inferred.map(({ name }) => name)).toEqual(names);
}

function expectStep(layer: BuiltLayer, item: Case): void {
  const inputs = item.inputs.map((input) => tf.variable(unpack(input)));
  const run = (training: boolean): Tensor =>
    // A layer that is applied to tensors gives one tensor.
    layer.apply(inputs.length === 1 ? (inputs[0] ?? []) : inputs, { training }) as Tensor;
  expectClose(run(false), item.output, 'output');
  // The weights' values are tf variables.
  const weights = layer.trainableWeights.map((weight) => weight.read() as Variable);
  const differentiable = item.entry.type === 'embedding' ? [] : inputs;
  const { value, grads } = tf.variableGrads(() => {
    const output = run(true);
    expectClose(output, item.training_output, 'training output');
    const loss = tf.sum(tf.mul(output, unpack(item.projection))).asScalar();
    return layer.calculateLosses().reduce((sum, penalty) => tf.add(sum, penalty), loss);
  }, [...weights, ...differentiable]);
  expect(Math.abs((value.dataSync()[0] ?? 0) - item.loss)).toBeLessThan(
    1e-5 * Math.max(10, Math.abs(item.loss)),
  );
  for (const [index, input] of differentiable.entries()) {
    const expected = item.input_gradients[index];
    const gradient = grads[input.name];
    if (expected) expectClose(gradient ?? tf.zerosLike(input), expected, 'input gradient');
  }
  for (const weight of weights) {
    const gradient = grads[weight.name];
    if (gradient) weight.assign(tf.sub(weight, tf.mul(gradient, fixture.learning_rate)));
  }
  const after = layer.weights.map((weight) => weight.read());
  for (const [index, expected] of item.updated.entries()) {
    expectClose(after[index] ?? tf.scalar(0), expected, item.names[index] ?? 'weight');
  }
}

test.each(fixture.cases.map((item) => [item.label, item] as const))(
  '%s computes, differentiates and learns as in Keras',
  (_label, item) => {
    expectInferred(item);
    const layer = built(item);
    tf.engine().startScope();
    expectStep(layer, item);
    tf.engine().endScope();
  },
);

test('augmentations with fixed draws equal Keras’s', () => {
  // [batch, height, width, channels] by the script.
  const images = unpack(fixture.augmentations.images) as Tensor4D;
  for (const { entry, output } of fixture.augmentations.cases) {
    expectClose(augment(tf, [entry], images), output, JSON.stringify(entry));
  }
});

test('constraints equal Keras’s', () => {
  const weight = unpack(fixture.constraints.weight);
  for (const { config, output } of fixture.constraints.cases) {
    expectClose(constrain(tf, config, weight), output, JSON.stringify(config));
  }
});

test.each(fixture.masked.cases.map((item) => [item.entry.type, item] as const))(
  '%s after masking skips the marked steps as in Keras',
  (_type, { entry, weights, output }) => {
    const { shape } = fixture.masked.input;
    const layer = built({ entry, inputs: [fixture.masked.input], weights });
    const masking = built({ entry: { type: 'masking' }, inputs: [], weights: [] });
    const input = tf.input({ shape: shape.slice(1) });
    const model = tf.model({
      inputs: input,
      // Symbolic tensors give one symbolic tensor.
      outputs: layer.apply(masking.apply(input)) as ReturnType<Engine['input']>,
    });
    expectClose(model.apply(unpack(fixture.masked.input)) as Tensor, output, entry.type);
  },
);

test('local response normalization equals TensorFlow’s', () => {
  const { input, projection, cases } = fixture.local_response;
  for (const { entry, output, gradient } of cases) {
    const layer = built({ entry, inputs: [input], weights: [] });
    // A layer that is applied to a tensor gives a tensor.
    const run = (x: Tensor): Tensor => layer.apply(x) as Tensor;
    expectClose(run(unpack(input)), output, 'output');
    const slope = tf.grad((x) => tf.sum(tf.mul(run(x), unpack(projection))));
    expectClose(slope(unpack(input)), gradient, 'gradient');
  }
});

/** Where we say something else on purpose. */
const ownDefaults: Readonly<Record<string, readonly string[]>> = {
  // The range of the pixels as the training part has them, not 0…255.
  random_brightness: ['value_range'],
  random_contrast: ['value_range'],
  random_erasing: ['value_range'],
  // Keras writes `uniform`, its older name.
  embedding: ['embeddings_initializer'],
  // As in tfjs and in Keras before version 3.
  average_pooling1d: ['pool_size'],
  average_pooling2d: ['pool_size'],
  average_pooling3d: ['pool_size'],
};

/** One number for the same number along each axis; orders of [before, after] alike. */
const plain = (value: unknown): unknown => {
  if (value === 'Zeros') return 'zeros';
  if (!Array.isArray(value)) return value;
  const flat = value.flat();
  return new Set(flat).size === 1 ? flat[0] : value;
};

test.each(Object.keys(fixture.defaults))('%s has Keras’s required keys and defaults', (type) => {
  const { required, defaults } = fixture.defaults[type] ?? { required: [], defaults: {} };
  const { schema } = definitionOf(type);
  const exceptions = ownDefaults[type] ?? [];
  expect((schema.required ?? []).filter((key) => key !== 'type').sort()).toEqual(
    required.filter((key) => !exceptions.includes(key)).sort(),
  );
  for (const [key, property] of Object.entries(schema.properties)) {
    if (key === 'type' || required.includes(key) || exceptions.includes(key)) continue;
    const wanted = plain(defaults[key]);
    const isNothing = (value: unknown): boolean => value === null || value === 'linear';
    if (isNothing(property.default) && isNothing(wanted)) continue;
    expect([key, plain(property.default)]).toEqual([key, wanted]);
  }
});

test('the script knows every type of the registry', () => {
  const known: unknown = JSON.parse(readFileSync(new URL('types.json', import.meta.url), 'utf8'));
  expect(known).toEqual(Object.keys(layers));
});
