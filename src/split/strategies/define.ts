/** What a split strategy is: its keys in the YAML, and the indices it makes of the samples. */
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import type { RandomState } from '../random/mt19937.ts';

/** What a strategy may look at. Indices in its answer count these samples. */
export type Samples = {
  /** Class index of each sample, [samples]. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Index into the dataset's part names of each sample. */
  readonly parts?: Uint8Array | undefined;
  /** Group of each sample. */
  readonly groups?: Int32Array | undefined;
  readonly groupNames?: readonly string[] | undefined;
};

/** One division before the validation part is taken out of `train`. */
export type Division = {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  /** Given where the strategy fixes the validation part itself. */
  readonly validation?: Uint32Array;
  /** Which repetition, counted from 0; default 0. */
  readonly repeat?: number;
};

export type StrategyDefinition<S extends ObjectSchema = ObjectSchema> = {
  readonly schema: S;
  /** Needs groups and keeps each of them in one role. */
  readonly grouped?: true;
  /** Divides by the samples' labels. */
  readonly stratified?: true;
  /** The test parts of one repeat hold every sample once. */
  readonly partitions?: true;
  /** The division is somebody else's: identical pictures are reported, not moved together. */
  readonly fixed?: true;
  /** How many folds it makes, null where only the data tell. */
  folds(config: Infer<S>): number | null;
  /** The divisions, in scikit-learn's order. Throws ExperimentError where the data do not fit. */
  split(config: Infer<S>, samples: Samples, random: RandomState): readonly Division[];
};

export const defineStrategy = <const S extends ObjectSchema>(definition: StrategyDefinition<S>) =>
  definition;

/** `random_state` of every strategy that draws. */
export const randomStateSchema = {
  type: 'integer',
  minimum: 0,
  maximum: 4294967295,
  description: 'Seed of the split, as scikit-learn’s random_state. Default: the experiment’s seed.',
} as const;

/** `folds` of every strategy of the k-fold kind. */
export const foldsSchema = {
  type: 'integer',
  minimum: 2,
  default: 5,
  description: 'Number of folds; each sample is tested once.',
} as const;

/** Divisions whose test parts are given by a fold number per sample: what is not tested, trains. */
export function divisionsOf(
  foldOf: ArrayLike<number>,
  folds: number,
  repeat = 0,
): readonly Division[] {
  const indices = Uint32Array.from({ length: foldOf.length }, (_, i) => i);
  return Array.from({ length: folds }, (_, fold) => ({
    train: indices.filter((i) => foldOf[i] !== fold),
    test: indices.filter((i) => foldOf[i] === fold),
    repeat,
  }));
}
