/**
 * From entries and blocks to a flat list of layers with unique names: parameters replaced by their
 * values, `classes` by the number of classes, and names of inputs by the names of layers.
 * Longer than most: scopes, names and problems of one expansion are one state.
 */
import type { ConfigPath, Problem } from '../errors.ts';
import { fillValues } from './fill-values.ts';
import type { Block, LayerEntry, ModelConfig } from './schema.ts';

/** One layer as it stands after expansion, not yet checked against its schema. */
export type ExpandedLayer = {
  /** Unique in the model. */
  readonly name: string;
  /** `type` and options, all values known. */
  readonly layer: Readonly<Record<string, unknown>>;
  /** Names of layers, or `input`. */
  readonly inputs: readonly string[];
  readonly trainable: boolean;
  readonly path: ConfigPath;
  /** The uses of the blocks that it came through, outermost last. */
  readonly usedAt: readonly ConfigPath[];
  /** It depends on the number of classes, which is not known yet. */
  readonly open: boolean;
};

export type Expansion = {
  readonly layers: readonly ExpandedLayer[];
  /** Name of the layer whose output is the model's; `input` where there are no layers. */
  readonly output: string;
  readonly problems: readonly Problem[];
};

export type Suggest = (word: string, candidates: readonly string[]) => string | undefined;

export type ExpansionOptions = {
  /** Number of classes, where it is known. */
  readonly classes?: number | undefined;
  /** Names that are taken, such as those of a backbone's layers. */
  readonly taken?: readonly string[] | undefined;
  /** What the entry that has nothing before it takes; default `input`. */
  readonly input?: string | undefined;
  /** Makes a hint from a misspelt name. */
  readonly suggest?: Suggest | undefined;
};

/** More than any architecture has; a `repeat` of a million is a slip of the pen. */
const mostLayers = 5000;

const useKeys: readonly string[] = ['use', 'with', 'repeat', 'name', 'inputs'];

/** Says which layer an output is, once all names are settled. */
type Reference = () => string;
type Draft = Omit<ExpandedLayer, 'inputs'> & { readonly inputs: readonly Reference[] };

/** Where names mean something: the model itself, or one use of a block. */
type Scope = {
  readonly entries: readonly LayerEntry[];
  readonly path: ConfigPath;
  readonly usedAt: readonly ConfigPath[];
  /** Of names that are made here, so that they are unique in the model. */
  readonly prefix: string;
  readonly input: Reference;
  /** Parameters in a block; undefined in the model itself, where values are as they are. */
  readonly values: ReadonlyMap<string, unknown> | undefined;
  /** Blocks that are being expanded, to find one that uses itself. */
  readonly within: readonly string[];
};

/** The layers of the section, blocks expanded, with everything that is wrong with names. */
export function expandBlocks(config: ModelConfig, options: ExpansionOptions = {}): Expansion {
  const expander = new Expander(config.blocks, options);
  const output = expander.expand({
    entries: config.layers,
    path: ['model', 'layers'],
    usedAt: [],
    prefix: '',
    input: () => options.input ?? 'input',
    values: undefined,
    within: [],
  });
  return expander.finish(output);
}

/** Alive for one expansion: the layers, names and problems found so far. */
class Expander {
  readonly #blocks: Readonly<Record<string, Block>>;
  readonly #options: ExpansionOptions;
  readonly #drafts: Draft[] = [];
  readonly #names: Set<string>;
  readonly #problems: Problem[] = [];

  constructor(blocks: Readonly<Record<string, Block>>, options: ExpansionOptions) {
    this.#blocks = blocks;
    this.#options = options;
    this.#names = new Set(['input', ...(options.taken ?? [])]);
  }

  /** Adds the layers of a scope; the reference is to its last entry's output. */
  expand(scope: Scope): Reference {
    const outputs = new Map<string, Reference>([['input', scope.input]]);
    this.#reserveNames(scope);
    const missing = new Set<string>();
    let previous = scope.input;
    for (const [index, item] of scope.entries.entries()) {
      const path = [...scope.path, index];
      const entry = typeof item === 'string' ? { type: item } : item;
      const inputs = this.#inputs(entry, previous, outputs, scope, path, missing);
      const output =
        'use' in entry
          ? this.#use(entry, inputs[0] ?? previous, scope, path)
          : this.#layer(entry, inputs, scope, path);
      if (typeof entry.name === 'string') outputs.set(entry.name, output);
      previous = output;
    }
    return previous;
  }

  finish(output: Reference): Expansion {
    return {
      layers: this.#drafts.map((draft) => ({
        ...draft,
        inputs: draft.inputs.map((reference) => reference()),
      })),
      output: output(),
      problems: this.#problems,
    };
  }

  #problem(scope: Scope, path: ConfigPath, message: string, hint?: string): void {
    const known = this.#problems.some(
      (problem) => problem.message === message && problem.path.join('\0') === path.join('\0'),
    );
    if (known) return;
    this.#problems.push({ path, message, hint, related: usesAsRelated(scope.usedAt) });
  }

  /** Given names first, so that made-up ones keep out of their way. */
  #reserveNames(scope: Scope): void {
    const here = new Set<string>();
    for (const [index, item] of scope.entries.entries()) {
      const name = typeof item === 'string' ? undefined : item.name;
      if (typeof name !== 'string') continue;
      const path = [...scope.path, index, 'name'];
      if (name === 'input') {
        this.#problem(scope, path, '"input" is the name of what comes in', 'choose another name');
      } else if (here.has(name)) {
        this.#problem(scope, path, `the name "${name}" is given twice`, 'names are unique');
      } else if (scope.prefix === '' && this.#names.has(name)) {
        this.#problem(
          scope,
          path,
          `the name "${name}" is a layer of the backbone's`,
          'choose another name',
        );
      }
      here.add(name);
      this.#names.add(scope.prefix + name);
    }
  }

  #uniqueName(wanted: string): string {
    let name = wanted;
    for (let suffix = 1; this.#names.has(name); suffix += 1) name = `${wanted}_${suffix}`;
    this.#names.add(name);
    return name;
  }

  #inputs(
    entry: Readonly<Record<string, unknown>>,
    previous: Reference,
    outputs: ReadonlyMap<string, Reference>,
    scope: Scope,
    path: ConfigPath,
    missing: Set<string>,
  ): Reference[] {
    const given = entry.inputs;
    if (given === undefined) return [previous];
    if (!Array.isArray(given) || given.length === 0) {
      this.#problem(scope, [...path, 'inputs'], '`inputs` is a list of names');
      return [previous];
    }
    const names = scope.entries.flatMap((item) =>
      typeof item !== 'string' && typeof item.name === 'string' ? [item.name] : [],
    );
    return given.map((wanted, index) => {
      const name = String(wanted);
      if (name !== 'input' && !names.includes(name) && !missing.has(name)) {
        missing.add(name);
        this.#problem(
          scope,
          [...path, 'inputs', index],
          `no entry is named "${name}"`,
          this.#options.suggest?.(name, [...names, 'input']),
        );
      }
      // Entries may stand in any order: the name is looked up when all are known.
      return () => outputs.get(name)?.() ?? name;
    });
  }

  #layer(
    entry: Readonly<Record<string, unknown>>,
    inputs: readonly Reference[],
    scope: Scope,
    path: ConfigPath,
  ): Reference {
    const { name: given, inputs: _inputs, ...rest } = entry;
    const options = Object.entries(rest).filter(([key]) => !key.startsWith('x-'));
    const filled = this.#fill(Object.fromEntries(options), scope, path);
    const { trainable, ...layer } = filled.value as Readonly<Record<string, unknown>>;
    if (typeof layer.type !== 'string') {
      this.#problem(scope, path, 'an entry needs `type` or `use`');
      return inputs[0] ?? scope.input;
    }
    if (trainable !== undefined && typeof trainable !== 'boolean') {
      this.#problem(scope, [...path, 'trainable'], '`trainable` is true or false');
    }
    const { type } = layer;
    const name =
      typeof given === 'string' ? scope.prefix + given : this.#uniqueName(scope.prefix + type);
    if (this.#drafts.length === mostLayers) {
      this.#problem(scope, path, `the model has more than ${mostLayers} layers`);
    }
    if (this.#drafts.length < mostLayers) {
      const { usedAt } = scope;
      const isTrainable = trainable !== false;
      const { open } = filled;
      this.#drafts.push({ name, layer, inputs, trainable: isTrainable, path, usedAt, open });
    }
    return () => name;
  }

  #use(
    entry: Readonly<Record<string, unknown>>,
    input: Reference,
    scope: Scope,
    path: ConfigPath,
  ): Reference {
    const blockName = String(entry.use);
    this.#checkUse(entry, scope, path);
    const block = Object.hasOwn(this.#blocks, blockName) ? this.#blocks[blockName] : undefined;
    if (block === undefined) {
      const hint = this.#options.suggest?.(blockName, Object.keys(this.#blocks));
      this.#problem(scope, [...path, 'use'], `there is no block "${blockName}"`, hint);
      return input;
    }
    if (scope.within.includes(blockName)) {
      const chain = [...scope.within.slice(scope.within.indexOf(blockName)), blockName];
      this.#problem(scope, [...path, 'use'], `a block may not use itself: ${chain.join(' → ')}`);
      return input;
    }
    const given = entry.name;
    const name =
      typeof given === 'string' ? scope.prefix + given : this.#uniqueName(scope.prefix + blockName);
    const values = this.#parameters(block, blockName, entry.with, scope, path);
    const repeat = this.#fill(entry.repeat ?? 1, scope, [...path, 'repeat']).value;
    if (!Number.isInteger(repeat) || Number(repeat) < 1) {
      this.#problem(
        scope,
        [...path, 'repeat'],
        `repeat is ${repeat}, which is no whole number from 1`,
      );
      return input;
    }
    let output = input;
    for (let round = 1; round <= Number(repeat) && this.#drafts.length < mostLayers; round += 1) {
      output = this.expand({
        entries: block.layers,
        path: ['model', 'blocks', blockName, 'layers'],
        usedAt: [path, ...scope.usedAt],
        prefix: repeat === 1 ? `${name}_` : `${name}_${round}_`,
        input: output,
        values,
        within: [...scope.within, blockName],
      });
    }
    return output;
  }

  /** What the schema says of a use; within blocks nobody else has looked at it. */
  #checkUse(entry: Readonly<Record<string, unknown>>, scope: Scope, path: ConfigPath): void {
    const unknown = Object.keys(entry).find(
      (key) => !useKeys.includes(key) && !key.startsWith('x-'),
    );
    if (unknown !== undefined) {
      const message = `the use of a block has no key "${unknown}"`;
      const hint = this.#options.suggest?.(unknown, useKeys) ?? 'parameters stand under `with`';
      this.#problem(scope, [...path, unknown], message, hint);
    }
    if (Array.isArray(entry.inputs) && entry.inputs.length > 1) {
      this.#problem(scope, [...path, 'inputs'], 'a block takes one input', 'merge them first');
    }
  }

  #parameters(
    block: Block,
    blockName: string,
    given: unknown,
    scope: Scope,
    path: ConfigPath,
  ): ReadonlyMap<string, unknown> {
    const defaults = block.parameters ?? {};
    // The schema says that `with` is a mapping.
    const own = (given ?? {}) as Readonly<Record<string, unknown>>;
    if (Object.hasOwn(defaults, 'classes')) {
      const at = ['model', 'blocks', blockName, 'parameters', 'classes'];
      this.#problem(scope, at, '"classes" is the number of classes, and no parameter');
    }
    for (const key of Object.keys(own)) {
      if (Object.hasOwn(defaults, key)) continue;
      const hint = this.#options.suggest?.(key, Object.keys(defaults));
      this.#problems.push({
        path: [...path, 'with', key],
        message: `block "${blockName}" has no parameter "${key}"`,
        hint: hint ?? `it has ${Object.keys(defaults).join(', ') || 'none'}`,
        atKey: true,
        related: usesAsRelated(scope.usedAt),
      });
    }
    const values = new Map<string, unknown>();
    for (const [key, value] of Object.entries(defaults)) {
      const filled = Object.hasOwn(own, key)
        ? this.#fill(own[key], scope, [...path, 'with', key]).value
        : value;
      if (filled === null) {
        this.#problem(
          scope,
          path,
          `block "${blockName}" needs a value of "${key}"`,
          `give it in \`with: { ${key}: … }\``,
        );
      }
      values.set(key, filled);
    }
    return values;
  }

  /** The value with parameters, arithmetic and `classes` replaced. */
  #fill(value: unknown, scope: Scope, path: ConfigPath): { value: unknown; open: boolean } {
    const known = { parameters: scope.values, classes: this.#options.classes };
    const filled = fillValues(value, known, path);
    for (const { path: at, message, unknown, candidates } of filled.mistakes) {
      const hint = unknown && this.#options.suggest?.(unknown, candidates);
      this.#problem(scope, at, message, hint || undefined);
    }
    return filled;
  }
}

const usesAsRelated = (usedAt: readonly ConfigPath[]): Problem['related'] =>
  usedAt.length === 0
    ? undefined
    : usedAt.map((path) => ({ path, message: 'the block is used here' }));
