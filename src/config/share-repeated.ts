/** Puts what a schema says more than once under `definitions`: a tenth of the size. */

type Json = { readonly [key: string]: unknown };

/** Shorter than this, a reference is no gain. */
const shortest = 160;

/** The same schema with `$ref`s to `definitions`, named after the type or key that they describe. */
export const shareRepeated = (schema: Json): Json => {
  const counts = new Map<string, number>();
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach(count);
      return;
    }
    const text = JSON.stringify(value);
    const before = counts.get(text) ?? 0;
    counts.set(text, before + 1);
    // What lies in a repeated part is counted once, with its first.
    if (before === 0) Object.values(value).forEach(count);
  };
  count(schema);

  const definitions = new Map<string, { readonly name: string; body: unknown }>();
  const names = new Set<string>();
  const share = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => share(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const text = JSON.stringify(value);
    const isShared = (counts.get(text) ?? 0) > 1 && text.length >= shortest && isSchema(value);
    const known = definitions.get(text);
    if (isShared && known) return { $ref: `#/definitions/${known.name}` };
    const definition = { name: isShared ? uniqueName(nameOf(value, key), names) : '', body: value };
    if (isShared) definitions.set(text, definition);
    definition.body = Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        name,
        share(part, isKeyword(name) ? key : name),
      ]),
    );
    return isShared ? { $ref: `#/definitions/${definition.name}` } : definition.body;
  };
  const shared = share(schema, 'experiment') as Json;
  const bodies = [...definitions.values()].map(({ name, body }) => [name, body] as const);
  return { ...shared, definitions: Object.fromEntries(bodies) };
};

/** Maps of properties, defaults and examples are objects too, but no schemas. */
const isSchema = (value: object): boolean =>
  'type' in value || 'anyOf' in value || 'oneOf' in value;

const isKeyword = (name: string): boolean =>
  ['properties', 'items', 'anyOf', 'oneOf', 'additionalProperties'].includes(name);

const nameOf = (value: object, key: string): string => {
  const type = 'properties' in value ? (value.properties as Json).type : undefined;
  const isNamed = typeof type === 'object' && type !== null && 'const' in type;
  return isNamed ? String(type.const) : key;
};

const uniqueName = (name: string, taken: Set<string>): string => {
  let unique = name;
  for (let n = 2; taken.has(unique); n += 1) unique = `${name}_${n}`;
  taken.add(unique);
  return unique;
};
