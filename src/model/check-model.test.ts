import { expect, test } from '@jest/globals';
import type { Problem } from '../errors.ts';
import { checkLayers, checkModel, type ModelHooks } from './check-model.ts';
import type { Block, LayerEntry } from './schema.ts';
import { summarizeModel } from './summarize-model.ts';

const image = { shape: [48, 48, 1], classes: 7 };
const head: LayerEntry[] = ['flatten', { type: 'dense', units: 'classes', activation: 'softmax' }];
const hooks: ModelHooks = {
  suggest: (word, candidates) => candidates.find((candidate) => candidate[0] === word[0]),
};

const problemsOf = (
  layers: readonly LayerEntry[],
  blocks: Readonly<Record<string, Block>> = {},
  input: Parameters<typeof checkModel>[1] = image,
): readonly Problem[] => checkModel({ layers, blocks }, input, hooks).problems;

const summaryOf = (layers: readonly LayerEntry[], blocks: Readonly<Record<string, Block>> = {}) => {
  const { graph, problems } = checkModel({ layers, blocks }, image, hooks);
  expect(problems).toEqual([]);
  if (graph === undefined) throw new Error('no graph');
  return summarizeModel(graph);
};

const residual: Block = {
  parameters: { filters: 8, strides: 1, act: 'relu' },
  layers: [
    { type: 'conv2d', filters: 'filters', kernel_size: 3, strides: 'strides', padding: 'same' },
    { type: 'conv2d', filters: 'filters * 2', kernel_size: 1, name: 'wide' },
    {
      type: 'conv2d',
      filters: 'filters * 2',
      kernel_size: 1,
      strides: 'strides',
      inputs: ['input'],
      name: 'short',
    },
    { type: 'add', inputs: ['wide', 'short'] },
    { type: 'activation', activation: 'act' },
  ],
};

test('blocks are expanded with their parameters, arithmetic and repeats', () => {
  const { layers } = summaryOf(
    [
      { use: 'residual', with: { filters: 4, strides: 2 }, repeat: 2, name: 'stage' },
      { use: 'residual', with: { act: 'gelu' } },
      ...head,
    ],
    { residual },
  );
  expect(layers.map(({ name }) => name)).toEqual([
    'stage_1_conv2d',
    'stage_1_wide',
    'stage_1_short',
    'stage_1_add',
    'stage_1_activation',
    'stage_2_conv2d',
    'stage_2_wide',
    'stage_2_short',
    'stage_2_add',
    'stage_2_activation',
    'residual_conv2d',
    'residual_wide',
    'residual_short',
    'residual_add',
    'residual_activation',
    'flatten',
    'dense',
  ]);
  expect(layers.map(({ output_shape: shape }) => shape)[4]).toEqual([24, 24, 8]);
  expect(layers[8]?.inputs).toEqual(['stage_2_wide', 'stage_2_short']);
  expect(layers[7]?.inputs).toEqual(['stage_1_activation']);
  expect(layers.at(-1)?.output_shape).toEqual([7]);
});

test('blocks may use blocks, with values made of their own parameters', () => {
  const blocks = {
    pair: {
      parameters: { units: null },
      layers: [
        { use: 'one', with: { units: 'units * 2' } },
        { use: 'one', with: { units: 'units' } },
      ],
    },
    one: { parameters: { units: null }, layers: [{ type: 'dense', units: 'units' }] },
  };
  const { layers } = summaryOf(
    ['flatten', { use: 'pair', with: { units: 5 } }, ...head.slice(1)],
    blocks,
  );
  expect(layers.slice(1, 3).map(({ output_shape: shape }) => shape)).toEqual([[10], [5]]);
});

test('entries may stand in any order of definition', () => {
  const { layers } = summaryOf([
    { type: 'flatten', inputs: ['later'], name: 'flat' },
    { type: 'conv2d', filters: 2, kernel_size: 3, inputs: ['input'], name: 'later' },
    { type: 'dense', units: 'classes', activation: 'softmax', inputs: ['flat'] },
  ]);
  expect(layers.map(({ name }) => name)).toEqual(['later', 'flat', 'dense']);
});

test('the name of a use stands for the output of its last repeat', () => {
  const blocks = { thin: { layers: [{ type: 'conv2d', filters: 2, kernel_size: 3 }] } };
  const { layers } = summaryOf(
    [
      { use: 'thin', repeat: 2, name: 'left', inputs: ['input'] },
      { type: 'conv2d', filters: 3, kernel_size: 5, inputs: ['input'], name: 'right' },
      { type: 'concatenate', inputs: ['left', 'right'] },
      ...head,
    ],
    blocks,
  );
  expect(layers.find(({ type }) => type === 'concatenate')).toMatchObject({
    inputs: ['left_2_conv2d', 'right'],
    output_shape: [44, 44, 5],
  });
});

test('a mistake of shape in a repeated block points into the block and at the places of use', () => {
  const blocks = {
    inner: { layers: [{ type: 'conv2d', filters: 4, kernel_size: 30 }] },
    outer: { layers: [{ use: 'inner' }] },
  };
  expect(problemsOf([{ use: 'outer', repeat: 3 }, ...head], blocks)).toEqual([
    {
      path: ['model', 'blocks', 'inner', 'layers', 0],
      message:
        'conv2d "outer_2_inner_conv2d" slides a window of 30×30 over [19, 19, 4], which is smaller',
      hint: undefined,
      related: [
        { path: ['model', 'blocks', 'outer', 'layers', 0], message: 'the block is used here' },
        { path: ['model', 'layers', 0], message: 'the block is used here' },
      ],
    },
  ]);
});

test.each<[string, LayerEntry[], Partial<Problem>]>([
  [
    'an unknown layer',
    ['flatten', { type: 'fense', units: 3 }, ...head],
    { path: ['model', 'layers', 1, 'type'], message: 'there is no layer "fense"', hint: 'flatten' },
  ],
  [
    'an unknown input',
    [
      { type: 'flatten', inputs: ['fist'] },
      { type: 'dense', units: 7, activation: 'softmax', name: 'first' },
    ],
    {
      path: ['model', 'layers', 0, 'inputs', 0],
      message: 'no entry is named "fist"',
      hint: 'first',
    },
  ],
  [
    'a name given twice',
    [
      { type: 'flatten', name: 'a' },
      { type: 'dense', units: 'classes', activation: 'softmax', name: 'a' },
    ],
    { path: ['model', 'layers', 1, 'name'], message: 'the name "a" is given twice' },
  ],
  [
    'the name input',
    [{ type: 'flatten', name: 'input' }, ...head.slice(1)],
    { path: ['model', 'layers', 0, 'name'], message: '"input" is the name of what comes in' },
  ],
  [
    'an output that nothing takes',
    [
      { type: 'conv2d', filters: 3, kernel_size: 3, name: 'lost' },
      { type: 'flatten', inputs: ['input'] },
      ...head.slice(1),
    ],
    { path: ['model', 'layers', 0], message: 'nothing takes the output of "lost"' },
  ],
  [
    'an unknown block',
    [{ use: 'residul' }, ...head],
    {
      path: ['model', 'layers', 0, 'use'],
      message: 'there is no block "residul"',
      hint: 'residual',
    },
  ],
  [
    'an unknown parameter',
    [{ use: 'residual', with: { filtrs: 3 } }, ...head],
    {
      path: ['model', 'layers', 0, 'with', 'filtrs'],
      message: 'block "residual" has no parameter "filtrs"',
      atKey: true,
      hint: 'filters',
    },
  ],
  [
    'a missing parameter',
    [{ use: 'needy' }, ...head],
    { path: ['model', 'layers', 0], message: 'block "needy" needs a value of "units"' },
  ],
  [
    'a block that uses itself',
    [{ use: 'snake' }, ...head],
    {
      path: ['model', 'blocks', 'snake', 'layers', 0, 'use'],
      message: 'a block may not use itself: snake → snake',
    },
  ],
  [
    'a name in arithmetic that is none',
    [{ use: 'wrong' }, ...head],
    {
      path: ['model', 'blocks', 'wrong', 'layers', 0, 'units'],
      message: '"filters" in "filters * 2" is no parameter of this block',
    },
  ],
  [
    'a repeat that is no number',
    [{ use: 'residual', repeat: 'three' }, ...head],
    {
      path: ['model', 'layers', 0, 'repeat'],
      message: 'repeat is three, which is no whole number from 1',
    },
  ],
  [
    'too few outputs',
    ['flatten', { type: 'dense', units: 5, activation: 'softmax' }],
    {
      path: ['model', 'layers', 1],
      message: 'dense ends the model with the shape [5], but there are 7 classes',
      hint: '`units: classes` follows the data',
    },
  ],
  [
    'a last layer without probabilities',
    ['flatten', { type: 'dense', units: 7 }],
    {
      path: ['model', 'layers', 1],
      message: 'dense ends the model with linear, but class probabilities of 7 units need softmax',
    },
  ],
  [
    'images where vectors are needed',
    [{ type: 'dense', units: 'classes', activation: 'softmax' }],
    {
      path: ['model', 'layers', 0],
      message: 'dense ends the model with the shape [48, 48, 7], but there are 7 classes',
    },
  ],
  [
    'a vector where images are needed',
    ['flatten', { type: 'max_pooling2d' }, ...head],
    {
      path: ['model', 'layers', 1],
      message:
        'max_pooling2d takes images [height, width, channels], but its input has the shape [2304]',
    },
  ],
  [
    'shapes that do not add up',
    [
      { type: 'conv2d', filters: 3, kernel_size: 3, name: 'a' },
      { type: 'add', inputs: ['a', 'input'] },
      ...head,
    ],
    {
      path: ['model', 'layers', 1],
      message: 'add takes inputs of one shape, but gets [46, 46, 3] and [48, 48, 1]',
    },
  ],
  [
    'shapes that do not lie side by side',
    [
      { type: 'conv2d', filters: 3, kernel_size: 3, name: 'a' },
      { type: 'concatenate', inputs: ['a', 'input'] },
      ...head,
    ],
    {
      path: ['model', 'layers', 1],
      message:
        'concatenate puts inputs together that differ in more than axis -1: [46, 46, 3] and [48, 48, 1]',
    },
  ],
  [
    'a reshape that does not fit',
    [{ type: 'reshape', target_shape: [100, -1] }, ...head],
    {
      path: ['model', 'layers', 0],
      message: 'reshape cannot bring [48, 48, 1] (2304 values) into [100, -1]',
    },
  ],
  [
    'several inputs of a layer that takes one',
    [{ type: 'flatten', inputs: ['input', 'input'] }, ...head.slice(1)],
    { path: ['model', 'layers', 0], message: 'flatten takes one input, but gets 2' },
  ],
  [
    'groups that do not divide',
    [{ type: 'conv2d', filters: 4, kernel_size: 3, groups: 2 }, ...head],
    { path: ['model', 'layers', 0] },
  ],
])('%s is an error at its place', (_what, layers, expected) => {
  const blocks = {
    residual,
    needy: { parameters: { units: null }, layers: [{ type: 'dense', units: 'units' }] },
    snake: { layers: [{ use: 'snake' }] },
    wrong: { parameters: { units: 3 }, layers: [{ type: 'dense', units: 'filters * 2' }] },
  };
  expect(problemsOf(layers, blocks)).toContainEqual(expect.objectContaining(expected));
});

const inBlock = (entry: LayerEntry, parameters: Block['parameters'] = {}): readonly Problem[] =>
  problemsOf([{ use: 'b' }, ...head], {
    b: { parameters, layers: [entry] },
    c: { parameters: { units: 1 }, layers: [{ type: 'dense', units: 'units' }] },
  });

test.each<[LayerEntry, (string | number)[], string]>([
  [{ kind: 'dense' }, [], 'an entry needs `type` or `use`'],
  [{ use: 'c', units: 3 }, ['units'], 'the use of a block has no key "units"'],
  [{ use: 'c', inputs: ['input', 'input'] }, ['inputs'], 'a block takes one input'],
  [{ type: 'flatten', inputs: 'input' }, ['inputs'], '`inputs` is a list of names'],
  [{ type: 'flatten', trainable: 'no' }, ['trainable'], '`trainable` is true or false'],
])('within a block %p is an error', (entry, place, message) => {
  expect(inBlock(entry)).toContainEqual(
    expect.objectContaining({ path: ['model', 'blocks', 'b', 'layers', 0, ...place], message }),
  );
});

test('a parameter may not be called classes, and x- keys are free', () => {
  expect(inBlock('flatten', { classes: 3 }).map(({ message }) => message)).toEqual([
    '"classes" is the number of classes, and no parameter',
  ]);
  expect(inBlock({ type: 'conv2d', filters: 1, kernel_size: 1, 'x-note': 'free' })).toEqual([]);
});

test('a cycle is an error that names it, and it does not hang', () => {
  const [problem] = problemsOf([
    { type: 'add', inputs: ['input', 'back'], name: 'join' },
    { type: 'conv2d', filters: 1, kernel_size: 1, name: 'back' },
    { type: 'flatten', inputs: ['join'] },
    ...head.slice(1),
  ]);
  expect(problem?.message).toMatch(/^the layers wait for each other in a circle: /);
  expect(problem?.message).toContain('join');
});

test('all problems come at once', () => {
  const layers: LayerEntry[] = [
    { type: 'conv2d', filters: 2, kernel_size: 99 },
    { type: 'flat' },
    { type: 'dense', units: 7, inputs: ['nowhere'], activation: 'softmax' },
  ];
  expect(problemsOf(layers).map(({ path }) => path.join('.'))).toEqual(
    expect.arrayContaining(['model.layers.0', 'model.layers.1.type', 'model.layers.2.inputs.0']),
  );
});

test('a misspelt type or name is one problem, not three', () => {
  const misspelt = ['batch_normalization', { type: 'fense', units: 3 }, ...head];
  expect(problemsOf(misspelt)).toHaveLength(1);
  expect(
    problemsOf([
      { type: 'flatten', name: 'a' },
      { ...(head[1] as object), inputs: ['b'] },
    ]),
  ).toHaveLength(1);
});

test('no layers at all is an error', () => {
  expect(problemsOf([])).toEqual([
    { path: ['model', 'layers'], message: 'the model has no layers' },
  ]);
});

test('a single sigmoid unit is fine for two classes only', () => {
  const layers: LayerEntry[] = ['flatten', { type: 'dense', units: 1, activation: 'sigmoid' }];
  expect(problemsOf(layers, {}, { shape: [8, 8, 1], classes: 2 })).toEqual([]);
  expect(problemsOf(layers)).toHaveLength(1);
});

test('without shape or classes names are checked all the same', () => {
  const layers: LayerEntry[] = [{ type: 'flatten', inputs: ['nowhere'] }, ...head.slice(1)];
  const { graph, problems } = checkModel({ layers, blocks: {} }, {}, hooks);
  expect(graph).toBeUndefined();
  expect(problems.map(({ message }) => message)).toEqual(['no entry is named "nowhere"']);
  expect(checkModel({ layers: head, blocks: {} }, { shape: [8, 8, 1] })).toEqual({
    graph: undefined,
    problems: [],
  });
});

test('what the hook finds in an expanded layer is told with the places of use', () => {
  const path = ['model', 'blocks', 'b', 'layers', 0, 'units'];
  const validateLayer = (layer: unknown): readonly Problem[] | Record<string, unknown> =>
    // The expanded layer of this test.
    (layer as { units?: unknown }).units === 'x' ? [{ path, message: 'no number' }] : {};
  const blocks = { b: { layers: [{ type: 'dense', units: 'x' }] } };
  const { problems } = checkModel({ layers: [{ use: 'b' }, ...head], blocks }, image, {
    validateLayer,
  });
  expect(problems).toContainEqual({
    path,
    message: 'no number',
    related: [{ path: ['model', 'layers', 0], message: 'the block is used here' }],
  });
});

test('a frozen layer counts as not trainable', () => {
  const { parameters } = summaryOf([
    'flatten',
    { type: 'dense', units: 3, trainable: false },
    ...head.slice(1),
  ]);
  expect(parameters).toEqual({ total: 2305 * 3 + 28, trainable: 28, non_trainable: 2305 * 3 });
});

test('a repeat of a million ends with an error, not with the memory', () => {
  const blocks = { b: { layers: [{ type: 'dense', units: 1 }] } };
  const problems = problemsOf([{ use: 'b', repeat: 1_000_000 }, ...head], blocks);
  expect(problems.map(({ message }) => message)).toContain('the model has more than 5000 layers');
});

test('layers go on from a base, whose names are taken', () => {
  const nodes = [
    {
      name: 'conv2d',
      type: 'conv2d',
      config: {
        filters: 2,
        kernel_size: 3,
        strides: 2,
        padding: 'valid',
        dilation_rate: 1,
        groups: 1,
      },
      inputs: ['input'],
      trainable: false,
    },
  ];
  const base = { nodes, output: 'conv2d', problems: [] };
  const layers = [{ type: 'conv2d', filters: 3, kernel_size: 3 }, ...head];
  const { graph, problems } = checkLayers({ layers, blocks: {} }, image, hooks, base);
  expect(problems).toEqual([]);
  expect(graph?.nodes.map(({ name, inputs }) => [name, ...inputs])).toEqual([
    ['conv2d', 'input'],
    ['conv2d_1', 'conv2d'],
    ['flatten', 'conv2d_1'],
    ['dense', 'flatten'],
  ]);
  const clash = [{ type: 'flatten', name: 'conv2d' }, ...head.slice(1)];
  expect(checkLayers({ layers: clash, blocks: {} }, image, hooks, base).problems).toContainEqual(
    expect.objectContaining({
      path: ['model', 'layers', 0, 'name'],
      message: 'the name "conv2d" is a layer of the backbone\'s',
    }),
  );
});

/** GoogLeNet (Szegedy et al., 2015, table 1) without auxiliary classifiers. */
test('GoogLeNet of blocks has 5,974,455 parameters for grey images and 7 classes', () => {
  const conv = (filters: unknown, size: number, options: object = {}): LayerEntry => ({
    type: 'conv2d',
    filters,
    kernel_size: size,
    padding: 'same',
    activation: 'relu',
    ...options,
  });
  const pool = { type: 'max_pooling2d', pool_size: 3, strides: 2, padding: 'same' };
  const inception: Block = {
    parameters: { one: null, reduce3: null, three: null, reduce5: null, five: null, pooled: null },
    layers: [
      conv('one', 1, { name: 'a' }),
      conv('reduce3', 1, { inputs: ['input'] }),
      conv('three', 3, { name: 'b' }),
      conv('reduce5', 1, { inputs: ['input'] }),
      conv('five', 5, { name: 'c' }),
      { ...pool, strides: 1, inputs: ['input'] },
      conv('pooled', 1, { name: 'd' }),
      { type: 'concatenate', inputs: ['a', 'b', 'c', 'd'] },
    ],
  };
  const module = (...filters: number[]): LayerEntry => {
    const [one, reduce3, three, reduce5, five, pooled] = filters;
    return { use: 'inception', with: { one, reduce3, three, reduce5, five, pooled } };
  };
  const layers = [
    { type: 'resizing', height: 224, width: 224 },
    conv(64, 7, { strides: 2 }),
    pool,
    conv(64, 1),
    conv(192, 3),
    pool,
    module(64, 96, 128, 16, 32, 32),
    module(128, 128, 192, 32, 96, 64),
    pool,
    module(192, 96, 208, 16, 48, 64),
    module(160, 112, 224, 24, 64, 64),
    module(128, 128, 256, 24, 64, 64),
    module(112, 144, 288, 32, 64, 64),
    module(256, 160, 320, 32, 128, 128),
    pool,
    module(256, 160, 320, 32, 128, 128),
    module(384, 192, 384, 48, 128, 128),
    'global_average_pooling2d',
    { type: 'dense', units: 'classes', activation: 'softmax' },
  ];
  expect(summaryOf(layers, { inception }).parameters.total).toBe(5_974_455);
});

test('the layers of a model with a backbone go on from it', () => {
  const backbone = {
    type: 'vgg16',
    weights: 'none',
    trainable: false,
    pooling: 'none',
    include_top: false,
  } as const;
  const config = { backbone, layers: head, blocks: {} };
  const { graph, problems } = checkModel(config, { shape: [48, 48, 3], classes: 7 });
  expect(problems).toEqual([]);
  if (graph === undefined) throw new Error('no graph');
  const { parameters, layers } = summarizeModel(graph);
  // Keras's VGG16 without its classifier, and 512 features × 7 classes + 7.
  expect(parameters).toMatchObject({ non_trainable: 14_714_688, trainable: 3591 });
  expect(layers.at(-2)?.inputs).toEqual(['block5_pool']);
  const small = checkModel(config, { shape: [20, 20, 3], classes: 7 });
  expect(small.problems.map(({ path }) => path)).toEqual([['model', 'backbone', 'type']]);
});
