/** A study's variants: `variants` (name → partial config) times `matrix` (path → values). */
import { namePattern } from './experiment.ts';
import type { PlacedProblem } from './frame.ts';
import { merge, parsePath, setAt } from './merge.ts';
import { entryOf, type Mapping, type Node } from './tree.ts';

/** One change to the base config, with the words that name it. */
type Change = { readonly name: string; readonly apply: (base: Node) => Node };
export type VariantTree = { readonly name: string; readonly tree: Node };

/** More trainings than this in one study are a typing error. */
const mostVariants = 1000;

/** The trees of a study, none for an ordinary experiment. Problems go to `report`. */
export const variantTrees = (
  base: Mapping,
  study: Mapping,
  report: (problem: PlacedProblem) => void,
): readonly VariantTree[] => {
  const axes = [...namedAxis(study, report), ...matrixAxes(study, report)];
  if (axes.length === 0) return [];
  const count = axes.reduce((product, axis) => product * axis.length, 1);
  if (count > mostVariants) {
    const at = entryOf(study, 'matrix')?.key;
    report({
      path: ['matrix'],
      message: `the study has ${count} variants, of at most ${mostVariants}`,
      at,
    });
    return [];
  }
  const combined = axes.reduce<readonly (readonly Change[])[]>(
    (chosen, axis) => chosen.flatMap((before) => axis.map((change) => [...before, change])),
    [[]],
  );
  return combined.map((changes) => ({
    name: changes.map(({ name }) => name).join(' '),
    tree: changes.reduce<Node>((tree, { apply }) => apply(tree), base),
  }));
};

const namedAxis = (study: Mapping, report: (problem: PlacedProblem) => void): Change[][] => {
  const entry = entryOf(study, 'variants');
  if (!entry) return [];
  if (entry.value.kind !== 'mapping' || entry.value.entries.size === 0) {
    report({
      path: ['variants'],
      message: 'variants takes a mapping: name → changes',
      at: entry.key,
    });
    return [];
  }
  const axis: Change[] = [];
  for (const [name, { key, value }] of entry.value.entries) {
    const isEmpty = value.kind === 'scalar' && value.value === null;
    if (!new RegExp(namePattern).test(name))
      report({ path: ['variants', name], message: `"${name}" is no plain name`, at: key });
    else if (value.kind === 'mapping') axis.push({ name, apply: (base) => merge(base, value) });
    else if (isEmpty) axis.push({ name, apply: (base) => base });
    else
      report({ path: ['variants', name], message: 'a variant is a mapping of changes', at: key });
  }
  return [axis];
};

const matrixAxes = (study: Mapping, report: (problem: PlacedProblem) => void): Change[][] => {
  const entry = entryOf(study, 'matrix');
  if (!entry) return [];
  if (entry.value.kind !== 'mapping' || entry.value.entries.size === 0) {
    report({
      path: ['matrix'],
      message: 'matrix takes a mapping: path → list of values',
      at: entry.key,
    });
    return [];
  }
  const paths = [...entry.value.entries.keys()];
  return [...entry.value.entries].map(([path, { key, value }]) => {
    if (value.kind !== 'list' || value.items.length === 0) {
      report({ path: ['matrix', path], message: `${path} needs a list of values`, at: key });
      return [];
    }
    const label = shortName(path, paths);
    return value.items.map((item, index) => ({
      name: `${label}-${valueName(item, index)}`,
      apply: (base: Node) => {
        const changed = setAt(base, parsePath(path), item, key);
        if (!('failure' in changed)) return changed;
        report({ path: ['matrix', path], message: `${path}: ${changed.failure}`, at: key });
        return base;
      },
    }));
  });
};

/** The last word of a path, or the whole of it where two paths end alike. */
const shortName = (path: string, paths: readonly string[]): string => {
  const last = (text: string) => text.split('.').at(-1) ?? text;
  const isUnique = paths.filter((other) => last(other) === last(path)).length === 1;
  return plainName(isUnique ? last(path) : path);
};

const valueName = (node: Node, index: number): string => {
  if (node.kind === 'scalar') return plainName(String(node.value));
  const type = entryOf(node, 'type')?.value;
  return type?.kind === 'scalar' ? `${plainName(String(type.value))}-${index}` : `${index}`;
};

const plainName = (text: string) => text.replace(/[^A-Za-z0-9._-]+/g, '_');
