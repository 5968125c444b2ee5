/** Config as read, before any schema: plain values that remember where they stand. */
import type { ConfigPath } from '../errors.ts';
import type { Place } from './source.ts';

export type Scalar = {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** Written without quotes: may take its type from its text. */
  readonly plain: boolean;
  readonly at: Place;
  /** The environment variable that the value came from. */
  readonly variable?: string;
};
export type List = {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: Place;
};
export type Mapping = {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
  /** Made by `a.b=c`: it says nothing but its keys, so its `type` may come from the default. */
  readonly implied?: boolean;
};
export type Node = Scalar | List | Mapping;
/** A key's own place, for messages about the key, and its value. */
export type Entry = { readonly key: Place; readonly value: Node };

/** Keys that are free in every mapping. */
export const isFreeKey = (key: string): boolean => key.startsWith('x-');

export const entryOf = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === 'mapping' ? node.entries.get(key) : undefined;

/** The text of a scalar under a key, if it is text. */
export const textAt = (node: Node | undefined, key: string): string | undefined => {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
};

/** The node without its free keys, as plain data. */
export const toPlain = (node: Node): unknown => {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  return Object.fromEntries(
    [...node.entries]
      .filter(([key]) => !isFreeKey(key))
      .map(([key, { value }]) => [key, toPlain(value)]),
  );
};

/** Plain data (a default of the schema) as a tree whose every node stands at `at`. */
export const fromPlain = (value: unknown, at: Place): Node => {
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => fromPlain(item, at)), at };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, { key: at, value: fromPlain(item, at) }] as const,
    );
    return { kind: 'mapping', entries: new Map(entries), at };
  }
  // Defaults are JSON: what is neither a list nor a mapping is a scalar.
  return { kind: 'scalar', value: value as Scalar['value'], plain: false, at };
};

/** `model.layers[0].units`, as a user reads it; `the file` for the root. */
export const shownPath = (path: ConfigPath): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
