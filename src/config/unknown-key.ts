/** What a key that nobody knows was meant to be, or where it belongs. */
import type { ConfigPath } from '../errors.ts';
import type { ObjectSchema, Schema } from '../schema/json-schema.ts';
import { nearest, normalized } from '../schema/suggest.ts';

/** How deep below the root a key is looked for: `training.optimizer.learning_rate`. */
const deepest = 3;

/** The hint for an unknown key, given the keys that are known here and the whole schema. */
export const unknownKeyHint = (
  key: string,
  known: readonly string[],
  root: ObjectSchema,
  path: ConfigPath,
): string => {
  const here = nearest(key, known);
  const sameWord = here !== undefined && normalized(here) === normalized(key);
  const homes = sameWord ? [] : homesOf(key, root, path);
  if (here !== undefined && (sameWord || homes.length === 0)) return `did you mean "${here}"?`;
  const [home, other] = homes;
  if (home !== undefined)
    return `this key belongs under \`${home}\`${other === undefined ? '' : ` or \`${other}\``}`;
  return `known here: ${known.filter((word) => word !== 'type').join(', ') || 'only `type`'}`;
};

/** Sections (at most two, the outermost first) other than `from` in which this key exists. */
const homesOf = (key: string, root: ObjectSchema, from: ConfigPath): readonly string[] => {
  const homes = new Set<string>();
  const search = (schema: Schema, path: readonly string[]): void => {
    if ('anyOf' in schema) for (const member of schema.anyOf) search(member, path);
    else if ('oneOf' in schema) for (const branch of schema.oneOf) search(branch, path);
    else if ('properties' in schema) {
      const names = Object.keys(schema.properties);
      if (names.some((name) => normalized(name) === normalized(key))) homes.add(path.join('.'));
      if (path.length < deepest)
        for (const [name, child] of Object.entries(schema.properties))
          search(child, [...path, name]);
    }
  };
  search(root, []);
  return [...homes]
    .filter((home) => home !== '' && home !== from.join('.'))
    .sort((a, b) => a.split('.').length - b.split('.').length)
    .slice(0, 2);
};
