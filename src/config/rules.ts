/**
 * ajv, one level of a schema at a time: only what a file uses is compiled, and no alternative but
 * the chosen one speaks. What lies in children that have structure of their own is left to them.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Schema } from '../schema/json-schema.ts';

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  validateSchema: false,
  code: { optimize: false },
});
// A path is text to ajv; the loader resolves it.
ajv.addFormat('path', true);

/** Schemas are literals that live as long as the program. */
const compiled = new WeakMap<Schema, ValidateFunction>();

/** A value without parts, which its parent can check. */
export const isLeaf = (schema: Schema): boolean =>
  'type' in schema && schema.type !== 'object' && schema.type !== 'array';

/** What ajv finds wrong with this value, its parts left out unless they are leaves. */
export const findings = (schema: Schema, value: unknown): readonly ErrorObject[] => {
  const validate = compiled.get(schema) ?? ajv.compile(oneLevel(schema));
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
};

const oneLevel = (schema: Schema): object => {
  if (!('type' in schema) || 'oneOf' in schema) return {};
  if (schema.type === 'array') return { ...schema, items: leafOnly(schema.items) };
  if (schema.type !== 'object') return schema;
  if (!('properties' in schema))
    return { ...schema, additionalProperties: leafOnly(schema.additionalProperties) };
  const leaves = Object.entries(schema.properties).map(([key, value]) => [key, leafOnly(value)]);
  return { type: 'object', properties: Object.fromEntries(leaves) };
};

const leafOnly = (schema: Schema): object => (isLeaf(schema) ? schema : {});
