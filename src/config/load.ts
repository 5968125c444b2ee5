/** A YAML file → the checked experiment, or one error that shows everything that is wrong. */
import { resolve as absolutePath, basename } from 'node:path';
import { describeDataset } from '../dataset/describe.ts';
import type { ConfigPath, Problem, SourcePosition } from '../errors.ts';
import type { ObjectSchema } from '../schema/json-schema.ts';
import { withBackboneChannels } from './backbone-channels.ts';
import { type CheckContext, type Checked, checkExperiment } from './check.ts';
import { type ExperimentConfig, experimentSchema } from './experiment.ts';
import { ConfigError, inOrder, type PlacedProblem } from './frame.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { asProblem, type LintReport, lint } from './lint/run.ts';
import { parsePath, setAt } from './merge.ts';
import { parseSetValue } from './parse.ts';
import { readTree, withoutKeys } from './read.ts';
import { pathKey, type Resolution, resolveTree } from './resolve.ts';
import { type Place, positionOf } from './source.ts';
import { entryOf, type Mapping, type Node } from './tree.ts';
import { variantTrees } from './variants.ts';
import { firstLineOf } from './written.ts';

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly position: SourcePosition }
  | { readonly kind: 'set'; readonly argument: string }
  | { readonly kind: 'env'; readonly name: string; readonly position: SourcePosition };

export type Loaded<Config> = {
  readonly config: Config;
  /** Absolute path of the experiment file. */
  readonly file: string;
  /** Where a path of the config stands, or its nearest parent that is written somewhere. */
  locate(path: ConfigPath, atKey?: boolean): SourcePosition | undefined;
  origin(path: ConfigPath): Origin;
  /** The error to throw for problems that only the data showed, laid out like all others. */
  error(problems: readonly Problem[]): ConfigError;
  /** What the user should know and what stops nothing, such as data files that are not there. */
  readonly notes: readonly Problem[];
  /** What the lint rules say that need no data, those switched off with their reasons. */
  readonly lint: readonly LintReport[];
  /** Names of a study's variants, none for an ordinary experiment. */
  readonly variants: readonly string[];
  /** Their configs by name, as far as they were loaded: all, or the one that was asked for. */
  readonly variantConfigs: Readonly<Record<string, Config>>;
};
export type LoadedExperiment = Loaded<ExperimentConfig>;

export type LoadOptions = {
  /** `path=value` arguments, applied in order over the file. */
  readonly set?: readonly string[] | undefined;
  /** Which variant of a study; without it all are checked, and `config` is the first. */
  readonly variant?: string | undefined;
  readonly environment?: Environment | undefined;
};

/**
 * Loads and checks an experiment: `extends`, variants, `--set`, environment, defaults, rules of the
 * schema, rules across sections. Throws ConfigError with all problems laid out.
 */
export const loadExperiment = (file: string, options: LoadOptions = {}): LoadedExperiment =>
  withStudyLint(
    loadConfig<ExperimentConfig>(file, options, {
      schema: experimentSchema,
      check: checkExperiment,
      complete: withBackboneChannels,
    }),
  );

/** Adds what lint says of all variants together. */
const withStudyLint = (loaded: LoadedExperiment): LoadedExperiment => {
  const { config, variants, variantConfigs } = loaded;
  if (Object.keys(variantConfigs).length < 2) return loaded;
  const description = describeDataset(config.dataset);
  const reports = lint({ config, description, variants: variants.length, variantConfigs });
  const known = new Set(loaded.lint.map(({ id, message }) => `${id} ${message}`));
  const added = reports.filter(({ id, message }) => !known.has(`${id} ${message}`));
  const warnings = added.filter(({ off }) => off === undefined).map(asProblem);
  return { ...loaded, notes: [...loaded.notes, ...warnings], lint: reports };
};

/** What a config is checked against; another than the experiment's own only in tests. */
type Rules<Config> = {
  readonly schema: ObjectSchema;
  readonly check: (config: Config, context: CheckContext) => Checked;
  /** Fills in defaults that depend on other sections. */
  readonly complete?: (config: Config) => Config;
};

/** `loadExperiment` for any schema. */
export const loadConfig = <Config>(
  file: string,
  options: LoadOptions,
  rules: Rules<Config>,
): Loaded<Config> => {
  const problems: PlacedProblem[] = [];
  const report = (problem: PlacedProblem) => problems.push(problem);
  const written = readTree(file);
  const base = withName(withoutKeys(written, ['variants', 'matrix']), file);
  const variants = variantTrees(base, written, report);
  const chosen = chooseVariants(variants, options.variant);
  const loaded = (chosen.length > 0 ? chosen : [{ name: undefined, tree: base }]).map(
    ({ tree }) => {
      const set = applySets(tree, options.set ?? [], report);
      const full = interpolate(set, options.environment ?? process.env, report);
      return resolve(file, full, rules, variants.length, report);
    },
  );
  const [first] = loaded;
  if (problems.length > 0 || !first) throw new ConfigError('CONFIG_INVALID', inOrder(problems));
  const configs = chosen.map(({ name }, i) => [name, loaded[i]?.config ?? first.config] as const);
  return {
    ...first,
    variants: variants.map(({ name }) => name),
    variantConfigs: Object.fromEntries(configs),
  };
};

const chooseVariants = <Variant extends { readonly name: string }>(
  variants: readonly Variant[],
  wanted: string | undefined,
): readonly Variant[] => {
  if (wanted === undefined) return variants;
  const found = variants.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = variants.map(({ name }) => name).join(', ');
  const message = `there is no variant "${wanted}"; the study has ${names || 'none'}`;
  throw new ConfigError('CONFIG_INVALID', [{ path: ['variants'], message }]);
};

const withName = (tree: Mapping, file: string): Mapping => {
  if (entryOf(tree, 'name')) return tree;
  const at: Place = { ...tree.at, end: tree.at.start };
  const value = basename(file).replace(/\.ya?ml$/, '');
  const name: Node = { kind: 'scalar', value, plain: false, at };
  return { ...tree, entries: new Map([['name', { key: at, value: name }], ...tree.entries]) };
};

const applySets = (
  tree: Node,
  sets: readonly string[],
  report: (problem: PlacedProblem) => void,
): Node =>
  sets.reduce((under, argument) => {
    const equals = argument.indexOf('=');
    const value = parseSetValue(argument, equals + 1);
    const at = { ...value.at, start: 0, end: equals < 0 ? argument.length : equals };
    const path = parsePath(argument.slice(0, Math.max(equals, 0)));
    const wrong = (message: string) => {
      report({ path, message, at });
      return under;
    };
    if (equals < 1) return wrong('--set takes path=value, such as training.epochs=3');
    if (path.includes('')) return wrong(`"${argument.slice(0, equals)}" is not a path`);
    const changed = setAt(under, path, value, at);
    return 'failure' in changed ? wrong(changed.failure) : changed;
  }, tree);

const resolve = <Config>(
  file: string,
  tree: Node,
  rules: Rules<Config>,
  variants: number,
  report: (problem: PlacedProblem) => void,
) => {
  const resolution = resolveTree(rules.schema, tree);
  // What the schema infers, but for the sections that it has refused: checks ask before they look.
  const resolved = resolution.value as Config;
  const config = rules.complete?.(resolved) ?? resolved;
  resolution.problems.forEach(report);
  const placed = (problem: Problem) => placedProblem(resolution, problem);
  const isSound = (section: string) =>
    section in Object(config) && !resolution.problems.some(({ path }) => path[0] === section);
  const isWritten = (path: ConfigPath) =>
    resolution.origins.get(pathKey(path))?.isDefault === false;
  const { problems, notes, lint }: Checked = rules.check(config, {
    isWritten,
    isSound,
    isValid: resolution.problems.length === 0,
    variants,
  });
  problems.map(placed).forEach(report);
  return {
    config,
    file: absolutePath(file),
    locate: (path: ConfigPath, atKey = false) => {
      const place = placeOf(resolution, path, atKey);
      return place && positionOf(place);
    },
    origin: (path: ConfigPath) => originOf(resolution, path),
    error: (problems: readonly Problem[]) =>
      new ConfigError('CONFIG_INVALID', inOrder(problems.map(placed))),
    notes,
    lint,
  };
};

const placedProblem = (resolution: Resolution, problem: Problem): PlacedProblem => ({
  path: problem.path,
  message: problem.message,
  hint: problem.hint,
  at: placeOf(resolution, problem.path, problem.atKey ?? false),
  related: (problem.related ?? []).map(({ path, message }) => ({
    message,
    at: placeOf(resolution, path, false),
  })),
});

const placeOf = (resolution: Resolution, path: ConfigPath, atKey: boolean): Place | undefined => {
  const found = resolution.origins.get(pathKey(path));
  if (found && !found.isDefault) return (atKey && found.key) || firstLineOf(found.node);
  return path.length === 0 ? undefined : placeOf(resolution, path.slice(0, -1), true);
};

const originOf = ({ origins }: Resolution, path: ConfigPath): Origin => {
  const found = origins.get(pathKey(path));
  if (!found || found.isDefault) return { kind: 'default' };
  const { node } = found;
  const position = positionOf(node.at);
  if (node.kind === 'scalar' && node.variable !== undefined)
    return { kind: 'env', name: node.variable, position };
  const { kind, text } = node.at.source;
  return kind === 'set' ? { kind, argument: text } : { kind, position };
};
