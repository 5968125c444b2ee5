/** Merging one config over another (`extends`, variants, `--set`). */
import type { Place } from './source.ts';
import { entryOf, type Mapping, type Node, textAt } from './tree.ts';
import { bare } from './written.ts';

/**
 * Mappings merge deeply, everything else is replaced. Where `over` names another `type` or `use`,
 * the base's other keys went with the old one and are dropped.
 */
export const merge = (base: Node, over: Node): Node => {
  if (over.kind === 'scalar' && over.value === textAt(base, 'type')) return base;
  if (over.kind !== 'mapping') return over;
  const under = asMapping(base);
  if (!under || changesType(under, over)) return over;
  const entries = new Map(under.entries);
  for (const [key, entry] of over.entries) {
    const inherited = entries.get(key);
    entries.set(key, inherited ? { ...entry, value: merge(inherited.value, entry.value) } : entry);
  }
  // Keys that were set one by one add to what is there, which keeps its place.
  return over.implied ? { ...under, entries } : { kind: 'mapping', entries, at: over.at };
};

/** A bare `adam` is `{ type: adam }` when keys are merged over it. */
const asMapping = (node: Node): Mapping | undefined => {
  if (node.kind === 'mapping') return node;
  return node.kind === 'scalar' && typeof node.value === 'string' ? bare(node) : undefined;
};

const changesType = (base: Mapping, over: Mapping): boolean =>
  ['type', 'use'].some((key) => entryOf(over, key) && textAt(over, key) !== textAt(base, key));

/** `training.layers[0].units` → `['training', 'layers', 0, 'units']`. */
export const parsePath = (text: string): readonly (string | number)[] =>
  text
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** Why a path cannot be set in this tree. */
export type SetFailure = { readonly failure: string };

/** The tree with `value` at `path`; a mapping is merged into the one that is there. */
export const setAt = (
  tree: Node,
  path: readonly (string | number)[],
  value: Node,
  at: Place,
): Node | SetFailure => {
  const [step, ...rest] = path;
  if (step === undefined) return merge(tree, value);
  if (tree.kind === 'list') return setItem(tree, step, rest, value, at);
  const key = String(step);
  const inherited = entryOf(tree, key)?.value ?? emptyMapping(at);
  const changed =
    rest.length === 0 && !entryOf(tree, key)
      ? value
      : setAt(emptyAsMapping(inherited, at, rest), rest, value, at);
  if ('failure' in changed) return changed;
  const entries = new Map([[key, { key: at, value: changed }]]);
  return merge(tree, { kind: 'mapping', entries, at, implied: true });
};

/** What a path leads through and is not there yet, or is empty, becomes a mapping. */
const emptyAsMapping = (node: Node, at: Place, rest: readonly unknown[]): Node =>
  rest.length > 0 &&
  ((node.kind === 'scalar' && node.value === null) ||
    (node.kind === 'mapping' && node.entries.size === 0))
    ? emptyMapping(at)
    : node;

const emptyMapping = (at: Place): Mapping => ({
  kind: 'mapping',
  entries: new Map(),
  at,
  implied: true,
});

const setItem = (
  list: Extract<Node, { kind: 'list' }>,
  step: string | number,
  rest: readonly (string | number)[],
  value: Node,
  at: Place,
): Node | SetFailure => {
  const old = typeof step === 'number' ? list.items[step] : undefined;
  if (!old)
    return {
      failure:
        typeof step === 'number'
          ? `there is no item ${step}: the list has ${list.items.length}, counted from 0`
          : `"${step}" is not the number of a list item`,
    };
  const changed = setAt(old, rest, value, at);
  if ('failure' in changed) return changed;
  return { ...list, items: list.items.map((item) => (item === old ? changed : item)) };
};
