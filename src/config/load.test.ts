import { mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ObjectSchema } from '../schema/json-schema.ts';
import { oneOfType } from '../schema/json-schema.ts';
import { ConfigError } from './frame.ts';
import { type LoadOptions, loadConfig } from './load.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-config-'));

/** Writes a file of the test's directory. */
const write = (text: string, name = 'experiment.yaml') => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};

const typed = (type: string, properties: ObjectSchema['properties'], required: string[] = []) => ({
  schema: {
    type: 'object',
    properties: { type: { type: 'string', const: type }, ...properties },
    required: ['type', ...required],
    additionalProperties: false,
  } as const,
});
const optimizers = {
  adam: typed('adam', { learning_rate: { type: 'number', exclusiveMinimum: 0, default: 0.001 } }),
  sgd: typed('sgd', { momentum: { type: 'number', minimum: 0, maximum: 1, default: 0 } }),
};
const layers = {
  flatten: typed('flatten', {}),
  dense: typed(
    'dense',
    {
      units: {
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'string', const: 'classes' },
        ],
      },
      size: {
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 2, maxItems: 2 },
        ],
        default: 3,
      },
    },
    ['units'],
  ),
};
const schema: ObjectSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z0-9]' },
    data: { type: 'string', format: 'path' },
    training: {
      type: 'object',
      properties: {
        epochs: { type: 'integer', minimum: 1, default: 20 },
        optimizer: { ...oneOfType(optimizers), default: { type: 'adam' } },
        class_weight: {
          anyOf: [
            { type: 'string', enum: ['none', 'balanced'] },
            { type: 'object', additionalProperties: { type: 'number', minimum: 0 } },
          ],
          default: 'none',
        },
      },
      additionalProperties: false,
      default: {},
    },
    layers: { type: 'array', items: oneOfType(layers) },
  },
  required: ['name'],
  additionalProperties: false,
};

type Config = { readonly [key: string]: unknown };
const rules = { schema, check: () => ({ problems: [], notes: [], lint: [] }) };
const load = (file: string, options: LoadOptions = {}) => loadConfig<Config>(file, options, rules);
const configOf = (text: string, options: LoadOptions = {}) => load(write(text), options).config;
const errorOf = (text: string, options: LoadOptions = {}): ConfigError => {
  try {
    load(write(text), options);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the config was accepted');
};
/** `line:column message (hint)` of every problem. */
const problemsOf = (text: string, options: LoadOptions = {}) =>
  errorOf(text, options).problems.map(
    ({ message, hint, position }) =>
      `${position?.line}:${position?.column} ${message}${hint ? ` (${hint})` : ''}`,
  );

test('defaults are filled in at every depth and bare names become entries', () => {
  expect(configOf('layers: [flatten, { type: dense, units: classes }]')).toEqual({
    name: 'experiment',
    training: {
      epochs: 20,
      optimizer: { type: 'adam', learning_rate: 0.001 },
      class_weight: 'none',
    },
    layers: [{ type: 'flatten' }, { type: 'dense', units: 'classes', size: 3 }],
  });
});

test('everything wrong is reported at once, in the order of the file', () => {
  const text = `name: a
training:
  learnig_rate: 1
  epochs: 0
  optimizer: { type: sdg }
layers:
  - dense
  - { type: dense, units: 0, size: [1, 2, 3] }
epoch: 3
`;
  expect(problemsOf(text)).toEqual([
    '3:3 unknown key "learnig_rate" in training (known here: epochs, optimizer, class_weight)',
    '4:11 training.epochs must be >= 1, not 0',
    '5:22 unknown type "sdg" in training.optimizer (did you mean "sgd"?)',
    '7:5 layers[0] (dense) needs `units`: a whole number or "classes"',
    '8:27 layers[1].units must be >= 1, not 0',
    '8:36 layers[1].size must have at most 2 items',
    '9:1 unknown key "epoch" (known here: name, data, training, layers)',
  ]);
});

test('the message shows the line and a caret', () => {
  const { message } = errorOf('name: a\ntraining:\n  epochs: many\n');
  expect(message).toContain(
    [
      'experiment.yaml:3:11 training.epochs must be a whole number, not "many"',
      '    3 |   epochs: many',
      '      |           ^^^^',
    ].join('\n'),
  );
});

test.each([
  ['training: { learningRate: 1 }', 'this key belongs under `training.optimizer`'],
  ['learning_rate: 1', 'this key belongs under `training.optimizer`'],
  ['training: { optimizer: { type: adam, lr: 1 } }', 'did you mean "learning_rate"?'],
  ['training: { optimizer: { type: adam, LearningRate: 1 } }', 'did you mean "learning_rate"?'],
  ['training: { optimzier: adam }', 'did you mean "optimizer"?'],
  ['training: { class_weight: balancd }', 'did you mean "balanced"?'],
  ['epochs: 4', 'this key belongs under `training`'],
])('%s: %s', (text, hint) => {
  expect(errorOf(text).problems[0]?.hint).toBe(hint);
});

test('a union shows only the errors of the branch that its type names', () => {
  expect(
    problemsOf('training: { optimizer: { type: sgd, momentum: 2, learning_rate: 1 } }'),
  ).toEqual([
    '1:47 training.optimizer.momentum must be <= 1, not 2',
    '1:50 unknown key "learning_rate" in training.optimizer (known here: momentum)',
  ]);
});

test('class names may be anything, numbers and slashes too', () => {
  const text = 'training: { class_weight: { 0: 1, a/b: 2.5, "~c": 1 } }';
  expect(configOf(text).training).toMatchObject({
    class_weight: { 0: 1, 'a/b': 2.5, '~c': 1 },
  });
  expect(problemsOf('training: { class_weight: { "a/b": -1 } }')).toEqual([
    '1:36 training.class_weight.a/b must be >= 0, not -1',
  ]);
});

test('YAML 1.2: no is a word, and keys given twice are errors', () => {
  expect(configOf('name: no')).toMatchObject({ name: 'no' });
  const error = errorOf('name: a\nname: b\n');
  expect(error.code).toBe('CONFIG_SYNTAX');
  expect(error.problems).toMatchObject([{ position: { line: 2, column: 1 } }]);
});

test('anchors, merge keys and x- keys work', () => {
  const text = `x-common: &common { epochs: 3, optimizer: sgd }
training:
  <<: *common
  epochs: 4
  x-why: free
`;
  expect(configOf(text).training).toEqual({
    epochs: 4,
    optimizer: { type: 'sgd', momentum: 0 },
    class_weight: 'none',
  });
});

test('paths are relative to the file that names them, in --set to the working directory', () => {
  write('data: images/a.csv', 'base.yaml');
  expect(configOf('extends: base.yaml').data).toBe(join(directory, 'images/a.csv'));
  expect(configOf('data: ~/a.csv').data).toBe(join(homedir(), 'a.csv'));
  expect(configOf('data: x', { set: ['data=a.csv'] }).data).toBe(join(process.cwd(), 'a.csv'));
});

test('a changed type drops the keys of the old one, the same type keeps them', () => {
  write('training: { epochs: 3, optimizer: { type: adam, learning_rate: 0.5 } }', 'base.yaml');
  expect(configOf('extends: base.yaml\ntraining: { optimizer: { type: sgd } }').training).toEqual({
    epochs: 3,
    optimizer: { type: 'sgd', momentum: 0 },
    class_weight: 'none',
  });
  expect(configOf('extends: [base.yaml]\ntraining: { epochs: 4 }').training).toMatchObject({
    epochs: 4,
    optimizer: { type: 'adam', learning_rate: 0.5 },
  });
});

test('errors in a base file point into it', () => {
  const base = write('\ntraining: { epochs: 0 }', 'base.yaml');
  expect(errorOf('extends: base.yaml').problems).toMatchObject([
    { position: { file: base, line: 2, column: 21 } },
  ]);
});

test('files that extend each other are an error, as is a base that is not there', () => {
  write('extends: experiment.yaml', 'base.yaml');
  expect(errorOf('extends: base.yaml').message).toMatch(/base\.yaml:1:10 .*extends itself/);
  expect(errorOf('name: a\nextends: nowhere.yaml').message).toMatch(
    /experiment\.yaml:2:10 there is no file .*nowhere\.yaml/,
  );
});

test('--set changes values, list items and defaults', () => {
  const text = 'layers: [{ type: dense, units: 1 }]\ntraining: { optimizer: adam }';
  const set = [
    'training.epochs=7',
    'layers[0].units=2',
    'layers.0.size=[1, 2]',
    'training.optimizer.learning_rate=0.5',
  ];
  expect(configOf(text, { set })).toMatchObject({
    training: { epochs: 7, optimizer: { type: 'adam', learning_rate: 0.5 } },
    layers: [{ type: 'dense', units: 2, size: [1, 2] }],
  });
  expect(configOf('name: a', { set: ['training.optimizer.learning_rate=1'] })).toMatchObject({
    training: { optimizer: { type: 'adam', learning_rate: 1 } },
  });
});

test('--set splits at the first = and its mistakes are shown like those of a file', () => {
  expect(configOf('name: a', { set: ['name=b=c'] }).name).toBe('b=c');
  const set = ['trainig.epochs=3', 'layers[4].units=1', 'epochs'];
  const { message } = errorOf('layers: [flatten]', { set });
  expect(message).toContain('--set unknown key "trainig"\n      | trainig.epochs=3\n');
  expect(message).toContain('did you mean "training"?');
  expect(message).toContain('there is no item 4: the list has 1, counted from 0');
  expect(message).toContain('--set takes path=value');
});

/** A reference to an environment variable, as the config writes it. */
const ref = (text: string) => `$\{${text}}`;

test('environment variables take the place of values', () => {
  const environment = { EPOCHS: '7', NAME: 'x', EMPTY: '' };
  const from = (text: string) => configOf(text, { environment });
  expect(from(`name: 'a$$b ${ref('NAME')} ${ref('NONE:-of it')}'`).name).toBe('a$b x of it');
  expect(from(`training:\n  epochs: ${ref('EPOCHS')}`).training).toMatchObject({ epochs: 7 });
  expect(from(`training:\n  epochs: ${ref('EMPTY:-3')}`).training).toMatchObject({ epochs: 3 });
});

test('a quoted variable is text; one without a value or a closing brace is an error', () => {
  const environment = { EPOCHS: '7' };
  const problems = (text: string) => problemsOf(text, { environment });
  expect(problems(`training: { epochs: "${ref('EPOCHS')}" }`)).toEqual([
    '1:21 training.epochs must be a whole number, not "7"',
  ]);
  expect(problems(`name: a${ref('NONE')}\ndata: ${ref('PATH_X:?say where')}`)).toEqual([
    `1:7 the environment variable NONE is not set (set it, or give a default: ${ref('NONE:-value')})`,
    '2:7 say where',
  ]);
  expect(problems('name: a${NONE')[0]).toMatch(/that is not a variable/);
  expect(problems(`training: { epochs: ${ref('EPOCHS')} }`)[0]).toMatch(/in quotes/);
});

test('a byte order mark and Windows line ends shift nothing', () => {
  expect(problemsOf('\uFEFFname: a\r\nlayer: []\r\n')).toEqual([
    '2:1 unknown key "layer" (did you mean "layers"?)',
  ]);
});

test.each([
  ['', 'is empty'],
  ['# nothing', 'is empty'],
  ['[1]', '1:1 an experiment is a mapping'],
  ['name: a\n---\nname: b', '2:1 a second document begins here'],
  ['name: !odd a', '1:7 unresolved tag: !odd'],
  ['? [a]\n: b', '1:3 a key must be a plain word'],
])('%j is no experiment', (text, message) => {
  expect(errorOf(text).message).toContain(message);
});

test('hostile files end quickly with one message', () => {
  expect(() => load(write(`name: ${'a'.repeat(1_000_001)}`))).toThrow(/may have 1000000/);
  for (const deep of ['x-a: '.concat('['.repeat(90_000)), '- '.repeat(90_000), '? '.repeat(90_000)])
    expect(errorOf(deep).message).toMatch(/nested more than 64/);
  const bomb = Array.from({ length: 9 }, (_, i) =>
    i === 0
      ? 'x-0: &l0 [a]'
      : `x-${i}: &l${i} [${Array(9)
          .fill(`*l${i - 1}`)
          .join(', ')}]`,
  );
  expect(errorOf(bomb.join('\n')).message).toMatch(/more than 100 aliases/);
  expect(errorOf('x-a: &a [*a]').message).toMatch(/contains itself/);
});

test('the position and the origin of every value are known', () => {
  const file = write('layers:\n  - { type: dense, units: 2 }\ntraining: { epochs: 3 }');
  const loaded = load(file, { set: ['name=b'] });
  expect(loaded.locate(['layers', 0, 'units'])).toEqual({ file, line: 2, column: 27 });
  expect(loaded.locate(['layers', 0, 'units'], true)).toEqual({ file, line: 2, column: 20 });
  expect(loaded.locate(['training', 'optimizer', 'learning_rate'])).toEqual({
    file,
    line: 3,
    column: 1,
  });
  expect(loaded.origin(['training', 'epochs'])).toMatchObject({ kind: 'file' });
  expect(loaded.origin(['training', 'optimizer'])).toEqual({ kind: 'default' });
  expect(loaded.origin(['name'])).toEqual({ kind: 'set', argument: 'name=b' });
});

test('variants and matrix multiply; each variant is checked', () => {
  const text = `training: { epochs: 3 }
variants:
  plain: {}
  fast: { training: { optimizer: sgd } }
matrix:
  training.epochs: [1, 2]
`;
  const loaded = load(write(text));
  expect(loaded.variants).toEqual([
    'plain epochs-1',
    'plain epochs-2',
    'fast epochs-1',
    'fast epochs-2',
  ]);
  expect(load(write(text), { variant: 'fast epochs-2' }).config.training).toMatchObject({
    epochs: 2,
    optimizer: { type: 'sgd' },
  });
  expect(problemsOf(`layers: [flatten]\n${text}  layers.4.units: [1]\n`)).toEqual([
    '8:3 layers.4.units: there is no item 4: the list has 1, counted from 0',
  ]);
});
