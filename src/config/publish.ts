/**
 * The experiment's schema as editors read it: draft-07, with what the loader accepts besides (bare
 * names, `x-` keys, `${VARIABLES}`) written out, and the keys that the loader itself consumes.
 */
import type { ObjectSchema, Schema, TypedUnionSchema } from '../schema/json-schema.ts';
import { typesOf } from './choose.ts';
import { experimentSchema, namePattern } from './experiment.ts';
import { rules } from './lint/index.ts';
import { shareRepeated } from './share-repeated.ts';

type Json = { readonly [key: string]: unknown };

/** A value that the environment gives, whatever its type will be. */
const variable = '\\$\\{';

/** Any schema of ours as plain draft-07. */
export const draft07 = (schema: Schema): Json => {
  if ('anyOf' in schema) return { ...notes(schema), anyOf: schema.anyOf.map(draft07) };
  if (!('type' in schema)) return notes(schema);
  if ('oneOf' in schema) return published(schema);
  if (schema.type === 'object')
    return 'properties' in schema ? publishedObject(schema) : publishedMap(schema);
  if (schema.type === 'array') return { ...schema, items: draft07(schema.items) };
  return publishedLeaf(schema);
};

const notes = ({ description, default: fallback, examples }: Schema): Json => ({
  ...(description === undefined ? {} : { description }),
  ...(fallback === undefined ? {} : { default: fallback }),
  ...(examples === undefined ? {} : { examples }),
});

/** A typed union, or the bare name of a branch that needs nothing but its type. */
const published = (schema: TypedUnionSchema): Json => {
  const bare = schema.oneOf.filter(({ required }) => (required ?? []).length <= 1);
  const names = typesOf({ ...schema, oneOf: bare });
  const branches = { oneOf: schema.oneOf.map(draft07) };
  return {
    ...notes(schema),
    anyOf: [...(names.length > 0 ? [{ type: 'string', enum: names }] : []), branches],
  };
};

const publishedObject = ({ properties, ...schema }: ObjectSchema): Json => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [key, draft07(property)]),
  ),
  patternProperties: { '^x-': {} },
});

const publishedMap = (schema: Extract<Schema, { additionalProperties: Schema }>): Json => ({
  ...schema,
  additionalProperties: draft07(schema.additionalProperties),
  patternProperties: { '^x-': {} },
  ...(schema.propertyNames
    ? { propertyNames: { anyOf: [schema.propertyNames, { pattern: '^x-' }] } }
    : {}),
});

const publishedLeaf = (schema: Schema & { readonly type: string }): Json => {
  if ('const' in schema && schema.const !== undefined) return { ...schema };
  // `pattern` judges text only, the bounds numbers only.
  if (schema.type !== 'string' && !('enum' in schema))
    return schema.type === 'null'
      ? { ...schema }
      : { ...schema, type: [schema.type, 'string'], pattern: variable };
  const { format: _path, ...rest } = { format: undefined, ...schema };
  if (!('enum' in rest || 'pattern' in rest)) return rest;
  const { description, default: fallback, examples, ...rule } = rest;
  return {
    ...notes(schema),
    anyOf: [rule, { type: 'string', pattern: variable }],
  };
};

const extendsSchema = {
  description: 'Files that this one is merged over: mappings deeply, lists replaced.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
  examples: ['base.yaml', ['data.yaml', 'training.yaml']],
};

/** What `variants` may change: the experiment's own keys. What lies in them is checked when loaded. */
const variantsSchema = {
  type: 'object',
  description: 'A study: name → what this variant changes. All run on the same folds and seeds.',
  minProperties: 1,
  propertyNames: { pattern: namePattern },
  additionalProperties: {
    type: ['object', 'null'],
    properties: Object.fromEntries(
      Object.entries(experimentSchema.properties).map(([key, { description }]) => [
        key,
        { description },
      ]),
    ),
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  },
  examples: [{ small: { training: { batch_size: 16 } }, large: { training: { batch_size: 64 } } }],
};

const matrixSchema = {
  type: 'object',
  description: 'A study: path → values. Every combination is a variant.',
  minProperties: 1,
  additionalProperties: { type: 'array', minItems: 1 },
  examples: [{ 'training.batch_size': [16, 32, 64] }],
};

/** What `schemas/experiment.schema.json` holds. */
export const publishedExperimentSchema = (): Json => {
  const { required: _required, properties, ...schema } = publishedObject(experimentSchema);
  // publishedObject gives properties as an object.
  const own = properties as { readonly lint: Json };
  return shareRepeated({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:foldwise:experiment',
    title: 'Foldwise experiment',
    ...schema,
    properties: {
      ...own,
      lint: {
        ...own.lint,
        propertyNames: { anyOf: [{ enum: Object.keys(rules) }, { pattern: '^x-' }] },
      },
      extends: extendsSchema,
      variants: variantsSchema,
      matrix: matrixSchema,
    },
    // What one file leaves out, a base or a variant may bring.
    anyOf: [
      { required: ['dataset', 'model'] },
      ...['extends', 'variants', 'matrix'].map((key) => ({ required: [key] })),
    ],
  });
};
