/**
 * ajv on what a file says, one level of a schema at a time: no alternative but the chosen one
 * speaks, and what lies in children that have structure of their own is left to them. All levels of
 * a file are compiled together, without the keys that it leaves out: compiling is what takes time.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Schema } from '../schema/json-schema.ts';

/** A value and what it must be. */
export type Check = {
  readonly schema: Schema;
  readonly value: unknown;
  /** Of a mapping, the keys that the user wrote: defaults have been judged by a test. */
  readonly keys: readonly string[];
};

/** A value without parts, which its parent can check. */
export const isLeaf = (schema: Schema): boolean =>
  'type' in schema && schema.type !== 'object' && schema.type !== 'array';

/** What ajv finds wrong with each value; paths start at the value. */
export const findings = (checks: readonly Check[]): readonly (readonly ErrorObject[])[] => {
  const found = checks.map((): ErrorObject[] => []);
  const groups = groupsOf(checks);
  const validate = validator(groups.map(({ rule }) => rule));
  if (validate(groups.map(({ members }) => members.map((index) => checks[index]?.value))))
    return found;
  for (const error of validate.errors ?? []) {
    const [, group, member, ...steps] = error.instancePath.split('/');
    const index = groups[Number(group)]?.members[Number(member)];
    const instancePath = steps.map((step) => `/${step}`).join('');
    if (index !== undefined) found[index]?.push({ ...error, instancePath });
  }
  return found;
};

/** Values that are judged alike, by their indices in the list of checks. */
type Group = { readonly rule: object; readonly members: number[] };

const groupsOf = (checks: readonly Check[]): readonly Group[] => {
  const keys = new Map<Schema, Set<string>>();
  for (const check of checks)
    keys.set(check.schema, new Set([...(keys.get(check.schema) ?? []), ...check.keys]));
  const groups = new Map<string, Group>();
  const texts = new Map<Schema, string>();
  checks.forEach(({ schema }, index) => {
    const text = texts.get(schema) ?? JSON.stringify(oneLevel(schema, keys.get(schema)));
    texts.set(schema, text);
    const group = groups.get(text);
    if (group) group.members.push(index);
    else groups.set(text, { rule: JSON.parse(text), members: [index] });
  });
  return [...groups.values()];
};

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  validateSchema: false,
  meta: false,
  code: { optimize: false },
});
// A path is text to ajv; the loader resolves it.
ajv.addFormat('path', true);

/** The variants of a study say the same things of one another's values. */
const compiled = new Map<string, ValidateFunction>();

const validator = (rules: readonly object[]): ValidateFunction => {
  const text = JSON.stringify(rules);
  const known = compiled.get(text) ?? ajv.compile({ items: rules.map((items) => ({ items })) });
  compiled.set(text, known);
  return known;
};

const oneLevel = (schema: Schema, keys: ReadonlySet<string> = new Set()): object => {
  if (!('type' in schema) || 'oneOf' in schema) return {};
  if (schema.type === 'array') return rule({ ...schema, items: leafOnly(schema.items) });
  if (schema.type !== 'object') return rule(schema);
  if (!('properties' in schema))
    return rule({ ...schema, additionalProperties: leafOnly(schema.additionalProperties) });
  const leaves = Object.entries(schema.properties)
    .filter(([key]) => keys.has(key))
    .map(([key, property]) => [key, leafOnly(property)]);
  return { properties: Object.fromEntries(leaves) };
};

const leafOnly = (schema: Schema): object => (isLeaf(schema) ? rule(schema) : {});

/** What judges, without what explains. */
const rule = <Judged extends Pick<Schema, 'description' | 'default' | 'examples'>>({
  description: _description,
  default: _default,
  examples: _examples,
  ...judging
}: Judged): object => judging;
