import { expect, test } from '@jest/globals';
import type { Schema } from '../schema/json-schema.ts';
import { preprocessing } from './preprocessing/index.ts';
import { datasetSchema } from './schema.ts';
import { sources } from './sources/index.ts';

test.each([...Object.entries(sources), ...Object.entries(preprocessing)])(
  '%s is registered under its type',
  (name, { schema }) => {
    expect(schema.properties.type.const).toBe(name);
  },
);

/** Paths of all schemas without a description. */
function undescribed(schema: Schema, path: string): string[] {
  const inner: [string, Schema][] = [];
  if ('properties' in schema) inner.push(...Object.entries(schema.properties));
  if ('items' in schema) inner.push(['[]', schema.items]);
  if ('oneOf' in schema)
    inner.push(...schema.oneOf.map((one, i): [string, Schema] => [`${i}`, one]));
  if ('anyOf' in schema)
    inner.push(...schema.anyOf.map((one, i): [string, Schema] => [`${i}`, one]));
  if ('additionalProperties' in schema && schema.additionalProperties !== false) {
    inner.push(['*', schema.additionalProperties]);
  }
  return [
    ...(schema.description ? [] : [path]),
    ...inner.flatMap(([key, one]) => undescribed(one, `${path}.${key}`)),
  ];
}

test('every key of the section is described', () => {
  expect(undescribed(datasetSchema, 'dataset')).toEqual([]);
});
