import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { preprocessing } from '../dataset/preprocessing/index.ts';
import { sources } from '../dataset/sources/index.ts';
import { metrics } from '../metrics/index.ts';
import { layers } from '../model/layers/index.ts';
import type { Schema } from '../schema/json-schema.ts';
import { strategies } from '../split/strategies/index.ts';
import { callbacks } from '../training/callbacks/index.ts';
import { losses } from '../training/losses/index.ts';
import { optimizers } from '../training/optimizers/index.ts';
import { schedules } from '../training/schedules/index.ts';
import { experimentSchema } from './experiment.ts';
import { generatedFiles } from './generated-files.ts';
import { loadExperiment } from './load.ts';
import { parseText } from './parse.ts';
import { publishedExperimentSchema } from './publish.ts';
import { resolveTree } from './resolve.ts';
import { toPlain } from './tree.ts';

const root = join(import.meta.dirname, '..', '..');
const experiments = readdirSync(join(root, 'experiments')).filter((file) => file.endsWith('.yaml'));

test.each(Object.entries(generatedFiles()))('%s is up to date (npm run schemas)', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(text);
});

const published = new Ajv({ strict: false, code: { optimize: false } }).compile(
  publishedExperimentSchema(),
);

test.each(experiments)('experiments/%s is valid, for us and for an editor', (file) => {
  const path = join(root, 'experiments', file);
  expect(loadExperiment(path).config.name).not.toBe('');
  published(parse(readFileSync(path, 'utf8'), { merge: true }));
  expect(published.errors).toBeNull();
});

test.each(experiments)('experiments/%s names the schema for editors first', (file) => {
  const [first] = readFileSync(join(root, 'experiments', file), 'utf8').split('\n');
  expect(first).toBe('# yaml-language-server: $schema=../schemas/experiment.schema.json');
});

type Registry = Readonly<Record<string, { readonly schema: unknown }>>;
const registries: Readonly<Record<string, Registry>> = {
  sources,
  preprocessing,
  strategies,
  layers,
  optimizers,
  losses,
  schedules,
  callbacks,
};

test.each(Object.entries(registries))('%s stand under the names of their types', (_, registry) => {
  for (const [key, { schema }] of Object.entries(registry))
    expect(schema).toMatchObject({
      description: expect.stringMatching(/\w/),
      properties: { type: { const: key } },
      additionalProperties: false,
    });
});

test('metrics stand under their names', () => {
  for (const [key, { schema }] of Object.entries(metrics))
    expect(schema).toMatchObject({ const: key, description: expect.stringMatching(/\w/) });
});

/** Every schema below this one, with its path. */
function* everySchema(schema: Schema, path: string): Generator<readonly [string, Schema]> {
  yield [path, schema];
  if ('anyOf' in schema) for (const member of schema.anyOf) yield* everySchema(member, path);
  if ('oneOf' in schema) for (const branch of schema.oneOf) yield* everySchema(branch, path);
  if ('properties' in schema)
    for (const [key, property] of Object.entries(schema.properties))
      yield* everySchema(property, `${path}.${key}`);
  if ('items' in schema) yield* everySchema(schema.items, `${path}[]`);
  if ('additionalProperties' in schema && schema.additionalProperties)
    yield* everySchema(schema.additionalProperties, `${path}.*`);
}

test('every key has a description', () => {
  const silent = [...everySchema(experimentSchema, '')].flatMap(([path, schema]) =>
    'properties' in schema
      ? Object.entries(schema.properties)
          .filter(([key, { description }]) => key !== 'type' && !description)
          .map(([key]) => `${path}.${key}`)
      : [],
  );
  expect(silent).toEqual([]);
});

test('every default and every example is what its schema takes', () => {
  // The options that many layers share are looked at once.
  const distinct = new Map(
    [...everySchema(experimentSchema, '')].map((entry) => [JSON.stringify(entry[1]), entry]),
  );
  const wrong = [...distinct.values()].flatMap(([path, schema]) => {
    const values = [schema.default, ...(schema.examples ?? [])].filter(
      (value) => value !== undefined,
    );
    return values.flatMap((value) => {
      const tree = parseText('/default.yaml', JSON.stringify({ value }));
      const holder = {
        type: 'object',
        properties: { value: schema },
        additionalProperties: false,
      } as const;
      return resolveTree(holder, tree).problems.map(
        ({ message }) => `${path}: ${JSON.stringify(toPlain(tree))} ${message}`,
      );
    });
  });
  expect([...new Set(wrong)]).toEqual([]);
});

const base = {
  dataset: { source: { type: 'fer_csv', path: 'a.csv' } },
  model: { layers: ['flatten'] },
};

test.each([
  [{ ...base, split: { strategy: 'holdout' } }],
  [{ ...base, 'x-note': 1, training: { 'x-why': 'free', optimizer: 'sgd' } }],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own syntax
  [{ ...base, training: { epochs: '${EPOCHS:-3}' } }],
  [{ extends: 'base.yaml', seed: 1 }],
  [{ ...base, variants: { a: { training: { epochs: 3 } }, b: null } }],
])('an editor accepts %j', (value) => {
  published(value);
  expect(published.errors).toBeNull();
});

test.each([
  [{ ...base, sed: 1 }],
  [{ ...base, split: { strategy: 'hold_out' } }],
  [{ ...base, model: { layers: ['dense'] } }],
  [{ ...base, training: { epochs: 0 } }],
  [{ ...base, variants: { a: { trainig: {} } } }],
  [{ ...base, lint: { NOPE001: { off: 'x' } } }],
  [{ seed: 1 }],
])('an editor refuses %j', (value) => {
  expect(published(value)).toBe(false);
});
