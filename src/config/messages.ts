/** One sentence per rule of a schema. */
import type { ErrorObject } from 'ajv';
import type { Schema } from '../schema/json-schema.ts';
import { didYouMean } from '../schema/suggest.ts';
import type { Node } from './tree.ts';

/** More alternatives than this are not listed: the reference has them. */
const longestList = 12;

export const quoted = (values: readonly unknown[]): string => {
  const shown = values.slice(0, longestList).map((value) => JSON.stringify(value));
  const last = values.length > longestList ? `${values.length - longestList} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(', ')} or ${last}` : `${last}`;
};

/** What a value of this schema is called: `a number`, `"adam" or "sgd"`, `a mapping`. */
export const described = (schema: Schema): string => {
  if ('anyOf' in schema) return [...new Set(schema.anyOf.map(described))].join(' or ');
  if ('oneOf' in schema) return 'a mapping with a `type`';
  if ('const' in schema && schema.const !== undefined) return JSON.stringify(schema.const);
  if ('enum' in schema && schema.enum) return quoted(schema.enum);
  return typeNames[schema.type];
};

const typeNames = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
} as const;

/** What stands there, for "…, not …". */
export const describedNode = (node: Node): string => {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' || Number.isFinite(node.value)
    ? JSON.stringify(node.value)
    : String(node.value);
};

export type Sentence = { readonly message: string; readonly hint?: string | undefined };

/** The value is of no type that the schema takes. */
export const wrongType = (name: string, schema: Schema, node: Node): Sentence => ({
  message: `${name} must be ${described(schema)}, not ${describedNode(node)}`,
  hint: typeHint(schema, node),
});

const typeHint = (schema: Schema, node: Node): string | undefined => {
  if (node.kind !== 'scalar') return undefined;
  if (node.value === null) return 'give it a value, or remove the line for the default';
  if (typeof node.value === 'string') return didYouMean(node.value, wordsOf(schema));
  if (!('type' in schema)) return undefined;
  if (schema.type === 'array') return `a list of one is [${node.value}]`;
  return schema.type === 'string' ? `in quotes it is text: "${node.value}"` : undefined;
};

/** Every fixed word that a schema takes. */
const wordsOf = (schema: Schema): readonly string[] => {
  if ('anyOf' in schema) return schema.anyOf.flatMap(wordsOf);
  if ('const' in schema && typeof schema.const === 'string') return [schema.const];
  if ('enum' in schema && schema.enum) return schema.enum.map(String);
  return [];
};

/**
 * The sentence for one finding of ajv. `schema` is what the value was meant to be, with all of its
 * alternatives.
 */
export const sentence = (
  name: string,
  error: ErrorObject,
  schema: Schema,
  node: Node,
): Sentence => {
  // ajv types params by keyword, but the keyword is not known here until it is looked at.
  const { keyword, params } = error as ErrorObject & { params: Record<string, unknown> };
  const is = describedNode(node);
  switch (keyword) {
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return { message: `${name} must be ${params.comparison} ${params.limit}, not ${is}` };
    case 'pattern':
      return { message: `${name} must match ${params.pattern}, not ${is}` };
    case 'minLength':
      return { message: `${name} must not be empty` };
    case 'minItems':
    case 'maxItems': {
      const bound = keyword === 'minItems' ? 'at least' : 'at most';
      return { message: `${name} must have ${bound} ${count(params.limit, 'item')}` };
    }
    case 'minProperties':
      return { message: `${name} must have at least ${count(params.limit, 'key')}` };
    case 'propertyNames':
    case 'uniqueItems':
      return { message: `${name} ${error.message}` };
    default:
      // type, const, enum: what it must be says it all.
      return wrongType(name, schema, node);
  }
};

const count = (limit: unknown, what: string) => `${limit} ${what}${limit === 1 ? '' : 's'}`;
