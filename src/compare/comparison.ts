/** What a comparison of runs comes to: plain data for terminal, JSON and HTML. */
import type { Summary } from '../result/experiment-result.ts';
import type { PairedTest } from './statistics/corrected-t-test.ts';
import type { FriedmanTest, NemenyiTest } from './statistics/friedman.ts';
import type { McNemarTest } from './statistics/mcnemar.ts';

export type ComparedRun = {
  readonly run_id: string;
  /** How tables call it: the experiment's or variant's name, with the run id where two share it. */
  readonly label: string;
  readonly summary: Readonly<Record<string, Summary>>;
  /** Of each metric in `metrics`, one value for each fold of the split; the mean over its seeds. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly know_nothing: Readonly<Record<string, number | null>>;
  readonly parameters: number;
  /** Height, width and channels of the pictures that it was given. */
  readonly input: readonly [number, number, number];
  /** Trained epochs of each fold, and the epochs that its config allows. */
  readonly epochs_run: readonly number[];
  readonly epochs: number;
  readonly seconds_per_fold: number;
  readonly selection: string;
};

/** `second` seen against `first`, by the corrected resampled t-test alone. */
export type PairVerdict = 'better' | 'worse' | 'not separable';

export type ComparedPair = PairedTest & {
  readonly metric: string;
  /** Positions in `runs`. */
  readonly first: number;
  readonly second: number;
  /** Holm-adjusted over all pairs of the metric. */
  readonly pHolm: number;
  readonly verdict: PairVerdict;
};

export type Comparison = {
  readonly schema_version: 1;
  /** The first run's first metric: what the verdict in words is about. */
  readonly headline: string;
  readonly dataset: {
    /** Of the samples before their pictures were prepared for each model. */
    readonly source_fingerprint: string;
    readonly samples: number;
    /** Drawn by a program: the verdict holds for drawn pictures only. */
    readonly synthetic: boolean;
  };
  readonly split: { readonly type: string; readonly hash: string; readonly folds: number };
  readonly runs: readonly ComparedRun[];
  /** Every metric that all runs have in every fold. */
  readonly metrics: readonly string[];
  readonly pairs: readonly ComparedPair[];
  /** On pooled predictions, one per sample. Optimistic: treats folds as independent. */
  readonly mcnemar: readonly (McNemarTest & { readonly first: number; readonly second: number })[];
  /** With three runs or more, on the headline. Optimistic: treats folds as independent. */
  readonly ranks: (FriedmanTest & { readonly nemenyi: NemenyiTest }) | null;
  readonly warnings: readonly { readonly id: string; readonly message: string }[];
};
