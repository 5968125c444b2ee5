import { expect, test } from '@jest/globals';
import { checkModel } from '../check-model.ts';
import { withDefaults } from '../defaults.ts';
import { backboneBase } from './base.ts';
import { type BackboneConfig, type BackboneType, backbones } from './index.ts';
import { preprocessingOf } from './preprocessing.ts';

/** A backbone with the schema's defaults for what is left out. */
const configOf = (type: BackboneType, options: object = {}): BackboneConfig =>
  // The schema's defaults make it whole.
  withDefaults(backbones[type].schema, { type, ...options }) as BackboneConfig;

const messagesOf = (config: BackboneConfig, image: readonly number[]) =>
  backboneBase(config, image).problems.map(({ path, message, hint }) => [
    path.join('.'),
    message,
    hint,
  ]);

test('every entry is named after its type and describes itself', () => {
  for (const [type, { schema, minimumSize, defaultSize }] of Object.entries(backbones)) {
    expect(schema.properties.type.const).toBe(type);
    expect(schema.description).toMatch(/\.$/);
    expect(minimumSize).toBeLessThan(defaultSize);
  }
});

test('layers go on from the last layer of the backbone, whose weights come first', () => {
  const config = {
    backbone: configOf('vgg16', { weights: 'none' }),
    layers: ['flatten', { type: 'dense', units: 'classes', activation: 'softmax' }],
    blocks: {},
  };
  const { graph, problems } = checkModel(config, { shape: [48, 48, 3], classes: 7 });
  expect(problems).toEqual([]);
  expect(graph?.base).toBe('block5_pool');
  expect(graph?.nodes.find(({ name }) => name === 'flatten')?.inputs).toEqual(['block5_pool']);
  expect(graph?.nodes.at(-1)?.name).toBe('dense');
});

test('pictures below the minimum are an error that says how to enlarge them', () => {
  expect(messagesOf(configOf('xception'), [48, 48, 3])).toEqual([
    [
      'model.backbone.type',
      'xception takes at least 71×71 pixels, but gets 48×48',
      '`input_size: 71` brings the pictures to that size',
    ],
  ]);
  expect(messagesOf(configOf('xception', { input_size: [96, 40] }), [48, 48, 3])).toMatchObject([
    [
      'model.backbone.input_size',
      'xception takes at least 71×71 pixels, but gets 96×40',
      expect.anything(),
    ],
  ]);
  expect(messagesOf(configOf('xception', { input_size: 96 }), [48, 48, 3])).toEqual([]);
});

test('ImageNet weights want colours; random ones take gray pictures', () => {
  expect(messagesOf(configOf('resnet50'), [48, 48, 1])).toEqual([
    [
      'dataset.image.channels',
      'the imagenet weights of resnet50 are for rgb pictures, not grayscale',
      '`channels: rgb` repeats the gray channel',
    ],
  ]);
  const { nodes, problems } = backboneBase(configOf('resnet50', { weights: 'none' }), [48, 48, 1]);
  expect(problems).toEqual([]);
  expect(nodes[0]?.name).toBe('conv1_pad');
});

test('the classifier takes pictures of its own size alone', () => {
  const config = configOf('resnet50', { include_top: true });
  expect(messagesOf(config, [48, 48, 3])).toMatchObject([
    [
      'model.backbone.type',
      'resnet50 with its classifier takes 224×224 pixels, but gets 48×48',
      expect.anything(),
    ],
  ]);
  expect(backboneBase(config, [224, 224, 3])).toMatchObject({
    output: 'predictions',
    problems: [],
  });
});

test('an input size puts a resizing before the backbone', () => {
  const { nodes } = backboneBase(configOf('mobilenet', { input_size: 96 }), [48, 48, 3]);
  expect(nodes[0]).toMatchObject({ type: 'resizing', config: { height: 96, width: 96 } });
  expect(nodes[1]).toMatchObject({ name: 'conv1', inputs: [nodes[0]?.name] });
});

test('trainable is all, nothing, or from a layer on in the order of Keras', () => {
  const learning = (trainable: unknown) =>
    backboneBase(configOf('resnet50', { trainable }), [48, 48, 3])
      .nodes.filter((node) => node.trainable)
      .map(({ name }) => name);
  expect(learning(false)).toEqual([]);
  expect(learning(true)).toHaveLength(174);
  expect(learning({ from: 'conv5_block3_3_conv' })).toEqual([
    'conv5_block3_3_conv',
    'conv5_block3_3_bn',
    'conv5_block3_add',
    'conv5_block3_out',
  ]);
});

test('an unknown layer to learn from is an error at its name', () => {
  const { problems } = backboneBase(
    configOf('vgg16', { trainable: { from: 'block6' } }),
    [48, 48, 3],
    (word, names) => `${word} of ${names.length}`,
  );
  expect(problems).toEqual([
    {
      path: ['model', 'backbone', 'trainable', 'from'],
      message: 'vgg16 has no layer "block6"',
      hint: 'block6 of 18',
    },
  ]);
});

test('pooling ends the backbone with a vector', () => {
  const { output, nodes } = backboneBase(configOf('vgg16', { pooling: 'max' }), [48, 48, 3]);
  expect(output).toBe('global_max_pooling2d');
  expect(nodes.at(-1)?.name).toBe(output);
});

test('a backbone and an imported model exclude each other', () => {
  const config = { backbone: configOf('vgg16'), import: 'm.json', layers: [], blocks: {} };
  expect(checkModel(config, { shape: [48, 48, 3], classes: 7 }).problems).toMatchObject([
    { path: ['model', 'import'] },
  ]);
});

test('each backbone has its own preprocessing; gray pictures get the mean over the channels', () => {
  expect(preprocessingOf({ type: 'vgg16' }, 3)).toEqual({
    mean: [103.939, 116.779, 123.68],
    scale: [1, 1, 1],
    reverse_channels: true,
  });
  expect(preprocessingOf({ type: 'mobilenet_v2' }, 3).scale).toEqual(Array(3).fill(1 / 127.5));
  expect(preprocessingOf({ type: 'efficientnet_b0' }, 3)).toMatchObject({ mean: [0, 0, 0] });
  const gray = preprocessingOf({ type: 'vgg16' }, 1);
  expect(gray).toMatchObject({ scale: [1], reverse_channels: false });
  expect(gray.mean[0]).toBeCloseTo((103.939 + 116.779 + 123.68) / 3, 10);
});
