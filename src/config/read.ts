/** A file and everything that it `extends`, as one tree. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ExperimentError } from '../errors.ts';
import { nearest } from '../schema/suggest.ts';
import { ConfigError } from './frame.ts';
import { merge } from './merge.ts';
import { limits, parseText } from './parse.ts';
import { shownFile } from './source.ts';
import { entryOf, type List, type Mapping, type Node, type Scalar } from './tree.ts';
import { pathOf } from './written.ts';

/**
 * Reads a config file; bases first, the file over them. `extends` is gone from the result.
 * Throws ConfigError for syntax, cycles and missing bases; ExperimentError when the file is missing.
 */
export const readTree = (file: string): Mapping => readOver(resolve(file), []);

const readOver = (file: string, above: readonly string[]): Mapping => {
  const tree = parseText(file, readText(file));
  if (tree.kind === 'scalar' && tree.value === null)
    throw new ConfigError('CONFIG_INVALID', [{ path: [], message: `${shownFile(file)} is empty` }]);
  if (tree.kind !== 'mapping')
    throw invalid(tree, 'an experiment is a mapping: `key: value` lines at the top level');
  const bases = basesOf(tree).map((base) => {
    // basesOf lets only text through.
    const path = pathOf(String(base.value), base.at);
    if ([...above, file].includes(path))
      throw invalid(base, `${shownFile(path)} extends itself, by way of ${above.length + 1} files`);
    try {
      return readOver(path, [...above, file]);
    } catch (error) {
      if (error instanceof ExperimentError && !(error instanceof ConfigError))
        throw invalid(base, error.message);
      throw error;
    }
  });
  const own = withoutKeys(tree, ['extends']);
  const [first, ...rest] = [...bases, own];
  return rest.reduce((under, over) => asMapping(merge(under, over)), first ?? own);
};

/** Two mappings without a `type` at the root always merge to a mapping. */
const asMapping = (node: Node): Mapping =>
  node.kind === 'mapping' ? node : { kind: 'mapping', entries: new Map(), at: node.at };

export const withoutKeys = (node: Mapping, keys: readonly string[]): Mapping => ({
  ...node,
  entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))),
});

const basesOf = (tree: Mapping): readonly Scalar[] => {
  const value = entryOf(tree, 'extends')?.value;
  if (!value) return [];
  const items: readonly Node[] = value.kind === 'list' ? (value satisfies List).items : [value];
  return items.map((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return item;
    throw invalid(item, 'extends takes a file, or a list of files');
  });
};

const invalid = (node: Node, message: string) =>
  new ConfigError('CONFIG_INVALID', [{ path: [], message, at: node.at }]);

/** `did you mean experiments/lenet5.yaml?`: a file of almost that name in the same directory. */
const nearbyFile = (file: string): string | undefined => {
  const directory = dirname(file);
  if (!existsSync(directory)) return undefined;
  const names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
  const near = nearest(basename(file), names);
  return near && `did you mean ${shownFile(join(directory, near))}?`;
};

const readText = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found)
    throw new ExperimentError('USAGE', `there is no file ${shownFile(file)}`, nearbyFile(file));
  if (!found.isFile())
    throw new ExperimentError('USAGE', `${shownFile(file)} is not a file`, 'name a .yaml file');
  // Not read at all: text this long is never a config.
  if (found.size > limits.bytes)
    throw new ExperimentError(
      'CONFIG_SYNTAX',
      `${shownFile(file)} has ${found.size} bytes; an experiment file may have ${limits.bytes}`,
    );
  return readFileSync(file, 'utf8');
};
