/** Checks of values that no file holds: layers that a block expands to. */
import { LineCounter } from 'yaml';
import type { ConfigPath, Problem } from '../errors.ts';
import type { ObjectSchema } from '../schema/json-schema.ts';
import { resolveTree } from './resolve.ts';
import type { Place } from './source.ts';
import { fromPlain } from './tree.ts';

/**
 * Checks a value that was computed, such as a layer of an expanded block, against its schema: what
 * is wrong with it, or the value with its defaults.
 */
export const checkComputed = (
  schema: ObjectSchema,
  computed: unknown,
  path: ConfigPath,
): readonly Problem[] | Readonly<Record<string, unknown>> => {
  const { value, problems } = resolveTree(schema, fromPlain(computed, nowhere), path);
  // An object schema without problems has made an object.
  if (problems.length === 0) return value as Readonly<Record<string, unknown>>;
  return problems.map(({ path, message, hint, atKey }) => ({ path, message, hint, atKey }));
};

const nowhere: Place = {
  source: { kind: 'file', file: '', directory: '', text: '', lines: new LineCounter() },
  start: 0,
  end: 0,
};
