/** Which alternative of a union a value is meant to be: by its JSON type, then by what it says. */
import type { ObjectSchema, Schema, TypedUnionSchema } from '../schema/json-schema.ts';
import type { Node, Scalar } from './tree.ts';

/** The alternative of `anyOf` that this value should be judged by; undefined when no type fits. */
export const chooseAlternative = (
  alternatives: readonly Schema[],
  node: Node,
): Schema | undefined => {
  const flat = alternatives.flatMap((schema) => ('anyOf' in schema ? schema.anyOf : [schema]));
  const fitting = flat.filter((schema) => takes(schema, node));
  if (node.kind === 'mapping') return mostAlike(fitting, [...node.entries.keys()]);
  if (node.kind === 'list') return fitting[0];
  return fitting.find((schema) => names(schema, node)) ?? openOf(fitting) ?? fitting[0];
};

/** The branch of a typed union, by its `type`. */
export const branchOf = (union: TypedUnionSchema, type: string): ObjectSchema | undefined =>
  union.oneOf.find((branch) => typeOf(branch) === type);

export const typesOf = (union: TypedUnionSchema): readonly string[] => union.oneOf.map(typeOf);

const typeOf = (branch: ObjectSchema): string => {
  const type = branch.properties.type;
  return type && 'const' in type ? String(type.const) : '';
};

const takes = (schema: Schema, node: Node): boolean => {
  if (!('type' in schema)) return true;
  if (node.kind === 'list') return schema.type === 'array';
  if (node.kind === 'mapping') return schema.type === 'object';
  if (schema.type === 'object') return 'oneOf' in schema && typeof node.value === 'string';
  if (node.value === null) return schema.type === 'null';
  if (schema.type === 'integer') return typeof node.value === 'number';
  return schema.type === typeof node.value;
};

/** The schema lists this very value. */
const names = (schema: Schema, { value }: Scalar): boolean => {
  if ('oneOf' in schema) return typesOf(schema).includes(String(value));
  if ('const' in schema && schema.const !== undefined) return schema.const === value;
  // The list's element type follows the schema's own type.
  if ('enum' in schema && schema.enum) return (schema.enum as readonly unknown[]).includes(value);
  return false;
};

/** A text or number without a list of allowed values, before one with such a list. */
const openOf = (schemas: readonly Schema[]): Schema | undefined =>
  schemas.find((schema) => !('oneOf' in schema || 'const' in schema || 'enum' in schema));

/** Of several mappings the one whose required keys, then whose keys at all, are there. */
const mostAlike = (schemas: readonly Schema[], keys: readonly string[]): Schema | undefined => {
  const missing = (schema: Schema): number => {
    const required = 'required' in schema ? (schema.required ?? []) : [];
    return required.filter((key) => !keys.includes(key)).length;
  };
  const known = (schema: Schema): number =>
    'properties' in schema ? keys.filter((key) => key in schema.properties).length : 0;
  return [...schemas].sort((a, b) => missing(a) - missing(b) || known(b) - known(a))[0];
};
