/** What a user may write in short, written out: bare names, the default's type, relative paths. */
import { homedir } from 'node:os';
import { resolve as absolutePath, join } from 'node:path';
import type { Place } from './source.ts';
import { entryOf, fromPlain, type Mapping, type Node } from './tree.ts';

/** `adam` as `{ type: adam }`. */
export const bare = (node: Node): Mapping => ({
  kind: 'mapping',
  entries: new Map([['type', { key: node.at, value: node }]]),
  at: node.at,
});

/** `--set training.optimizer.learning_rate=…` alone means the default optimizer's. */
export const withImpliedType = (node: Node, fallback: unknown): Node => {
  if (node.kind !== 'mapping' || !node.implied || entryOf(node, 'type')) return node;
  const type =
    typeof fallback === 'object' && fallback !== null && 'type' in fallback
      ? fallback.type
      : fallback;
  if (typeof type !== 'string') return node;
  const entry = { key: node.at, value: fromPlain(type, node.at) };
  return { ...node, entries: new Map([['type', entry], ...node.entries]) };
};

/** A mapping over many lines is pointed at by its first key, not underlined as a whole. */
export const firstLineOf = (node: Node): Place => {
  if (node.kind === 'scalar') return node.at;
  const text = node.at.source.text.slice(node.at.start, node.at.end);
  const first = text.split('\n', 1)[0] ?? '';
  return { ...node.at, end: node.at.start + first.trimEnd().length };
};

/** Absolute, from where it was written. */
export const pathOf = (written: string, { source }: Place): string =>
  /^~(?=$|\/)/.test(written)
    ? join(homedir(), written.slice(1))
    : absolutePath(source.directory, written);
