/**
 * From the samples to the folds: representatives of identical pictures → the strategy's test parts
 * → the validation part out of each fold's training samples → all that the representatives stand
 * for. Without clusters the indices are scikit-learn's.
 */
import { ExperimentError } from '../errors.ts';
import { classCounts } from './class-counts.ts';
import {
  type Clusters,
  followers,
  groupsJoinedBy,
  representatives,
  samplesAt,
  withFollowers,
} from './clusters.ts';
import { evenOut } from './even-out.ts';
import type { Fold } from './fold.ts';
import { drawGroups, drawShuffled, drawStratified } from './random/draw.ts';
import { randomState } from './random/mt19937.ts';
import type { SplitConfig } from './schema.ts';
import type { Division, Samples, StrategyDefinition } from './strategies/define.ts';
import { strategies } from './strategies/index.ts';

export type SplitInput = Samples & {
  /** Samples that must share a role, as `clustersKeptTogether` gives them. */
  readonly clusters: Clusters;
};

/**
 * The folds of an experiment. Every fold's roles are disjoint; the test parts of one repeat of a
 * k-fold strategy hold every sample once. Throws ExperimentError where the data do not fit.
 */
export function splitFolds(config: SplitConfig, input: SplitInput, seed: number): readonly Fold[] {
  const strategy = definitionOf(config);
  const random = randomState(randomStateOf(config, seed));
  const representativeOf = representatives(input.labels.length, input.clusters);
  const groups = strategy.grouped && input.groups && groupsJoinedBy(input.groups, representativeOf);
  const samples: Samples = { ...input, groups: groups ?? input.groups };

  const units = Uint32Array.from(input.labels, (_, i) => i).filter(
    (i) => strategy.fixed || representativeOf[i] === i,
  );
  const members = followers(representativeOf);
  const unitSamples = samplesAt(samples, units);
  const divisions = evened(
    strategy,
    strategy.split(config.strategy, unitSamples, random),
    unitSamples.labels,
    units.map((i) => members.get(i)?.length ?? 1),
  );

  return divisions.map((division, fold) => {
    const all = strategy.fixed ? division : inSamples(division, units, members);
    const validated = withValidation(all, config, samples, representativeOf, seed, fold);
    requireEveryClass(validated.train, samples, fold);
    return { fold, repeat: division.repeat ?? 0, ...validated };
  });
}

/** How many folds the config makes; null where only the data (groups, a saved split) tell. */
export function expectedFolds(config: SplitConfig): number | null {
  return definitionOf(config).folds(config.strategy);
}

/** Whether the strategy keeps whole groups in one role. */
export function keepsGroups(config: SplitConfig): boolean {
  return definitionOf(config).grouped === true;
}

/**
 * The most that `largestDeviation` can be: the largest number of samples kept together + 1. Null
 * where the strategy promises nothing: not stratified, by groups, or one test part.
 */
export function deviationBound(
  config: SplitConfig,
  samples: number,
  clusters: Clusters,
): number | null {
  const { stratified, partitions, grouped } = definitionOf(config);
  if (!stratified || !partitions || grouped) return null;
  const sizes = [...followers(representatives(samples, clusters)).values()];
  return sizes.reduce((most, { length }) => Math.max(most, length), 1) + 1;
}

/** How far the class counts of test parts are from an equal share, at most, in samples. */
export function largestDeviation(
  folds: readonly Fold[],
  labels: Int32Array,
  classes: number,
): number {
  const repeats = [...new Set(folds.map(({ repeat }) => repeat))];
  const deviations = repeats.flatMap((repeat) => {
    const tests = folds.filter((fold) => fold.repeat === repeat).map(({ test }) => test);
    const counts = tests.map((test) => classCounts(labels, classes, test));
    return Array.from({ length: classes }, (_, label) => {
      const inFolds = counts.map((row) => row[label] ?? 0);
      const share = inFolds.reduce((a, b) => a + b, 0) / inFolds.length;
      return Math.max(...inFolds.map((count) => Math.abs(count - share)));
    });
  });
  return Math.max(...deviations);
}

// A registry entry takes its own config; which one it is, `type` has decided.
const definitionOf = (config: SplitConfig) =>
  strategies[config.strategy.type] as unknown as Omit<StrategyDefinition, 'folds' | 'split'> & {
    folds(strategy: SplitConfig['strategy']): number | null;
    split(
      strategy: SplitConfig['strategy'],
      samples: Samples,
      random: ReturnType<typeof randomState>,
    ): readonly Division[];
  };

const randomStateOf = ({ strategy }: SplitConfig, seed: number): number =>
  ('random_state' in strategy ? strategy.random_state : undefined) ?? seed;

/** Stratified folds, evened out repeat by repeat; other divisions as they are. */
function evened(
  strategy: Pick<StrategyDefinition, 'stratified' | 'partitions' | 'grouped'>,
  divisions: readonly Division[],
  labels: Int32Array,
  weights: Uint32Array,
): readonly Division[] {
  if (!strategy.stratified || !strategy.partitions || strategy.grouped) return divisions;
  const repeats = [...new Set(divisions.map(({ repeat }) => repeat))];
  return repeats.flatMap((repeat) =>
    evenOut(
      divisions.filter((division) => division.repeat === repeat),
      labels,
      weights,
    ),
  );
}

/** A division of representatives as a division of samples; members stand behind their first. */
function inSamples(
  { train, test }: Division,
  units: Uint32Array,
  members: ReadonlyMap<number, readonly number[]>,
): Division {
  const samplesOf = (positions: Uint32Array) =>
    withFollowers(
      positions.map((at) => units[at] as number), // positions of units
      members,
    );
  return { train: samplesOf(train), test: samplesOf(test) };
}

type Roles = Pick<Fold, 'train' | 'validation' | 'test'>;

/**
 * The validation part of a fold: train_test_split of its training samples, GroupShuffleSplit where
 * the strategy keeps groups together. Identical pictures stay in one role here too.
 */
function withValidation(
  { train, validation, test }: Division,
  config: SplitConfig,
  samples: Samples,
  representativeOf: Uint32Array,
  seed: number,
  fold: number,
): Roles {
  if (validation) return { train, validation, test };
  const { fraction, stratified } = config.validation;
  const random = randomState(seed);
  // The first member in this part stands for its cluster: a fixed division may have cut it.
  const firstOf = new Map<number, number>();
  const members = new Map<number, number[]>();
  const units = train.filter((i) => {
    const cluster = representativeOf[i] as number; // one per sample
    const first = firstOf.get(cluster);
    if (first === undefined) firstOf.set(cluster, i);
    else members.set(first, [...(members.get(first) ?? [first]), i]);
    return first === undefined;
  });
  const { labels, groups } = samplesAt(samples, units);
  const what = `validation part of fold ${fold}`;
  const draw = () => {
    if (keepsGroups(config) && groups) return drawGroups(groups, fraction, random, what);
    return stratified
      ? drawStratified(labels, samples.classes, fraction, random, what)
      : drawShuffled(units.length, fraction, random);
  };
  const { rest, drawn } = draw();
  const samplesOf = (positions: Uint32Array) =>
    withFollowers(
      positions.map((at) => units[at] as number), // positions of units
      members,
    );
  return { train: samplesOf(rest), validation: samplesOf(drawn), test };
}

function requireEveryClass(train: Uint32Array, { labels, classes }: Samples, fold: number): void {
  const counts = classCounts(labels, classes.length, train);
  const missing = classes.filter((_, c) => counts[c] === 0);
  if (missing.length > 0)
    throw new ExperimentError(
      'DATA_INVALID',
      `Fold ${fold} has ${train.length} training samples and none of: ${missing.join(', ')}.`,
      'Use a stratified strategy, fewer folds, a smaller fraction, or leave the class out (dataset.classes).',
    );
}
