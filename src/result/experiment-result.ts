/**
 * `result.json`: the one record of a run. Report, compare, check and tracking read only this and
 * the files that it names. Numbers are finite or null; null has a reason in `reasons`.
 */

export type FoldStatus = 'completed' | 'failed' | 'interrupted' | 'missing';

export type PerClass = {
  readonly class: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly support: number;
};

/** Metric name → value; null where it cannot be computed. */
export type MetricValues = Readonly<Record<string, number | null>>;

export type FoldRecord = {
  /** Number of the training; with several seeds each fold of the split is trained several times. */
  readonly fold: number;
  /** Which of `split.folds` it was trained and tested on. */
  readonly partition: number;
  readonly repeat: number;
  readonly seed: number;
  readonly status: FoldStatus;
  /** Why a fold failed, for the user. */
  readonly reason?: string | undefined;
  readonly epochs_run: number;
  /** Counted from 1; null when nothing was trained. */
  readonly best_epoch: number | null;
  readonly seconds: number;
  readonly metrics: MetricValues;
  /** Why a metric is null, by metric name. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly per_class: readonly PerClass[];
  /** [true][predicted] counts. */
  readonly confusion_matrix: readonly (readonly number[])[];
};

export type Summary = {
  readonly mean: number | null;
  /** Standard deviation over folds, n − 1. */
  readonly sd: number | null;
  /** 95 % interval of the mean with the corrected variance (Nadeau and Bengio). */
  readonly ci95: readonly [number, number] | null;
  readonly n: number;
  /** The metric over all out-of-fold predictions together. */
  readonly pooled: number | null;
  /**
   * 95 % bootstrap interval of `pooled` (stratified, seeded): what other pictures would have
   * changed, not what other training sets would have. Null where it is not computed.
   */
  readonly pooled_ci95: readonly [number, number] | null;
  /** With several seeds: standard deviations between folds and between seeds of one fold. */
  readonly variance: { readonly fold: number; readonly seed: number } | null;
};

/** All out-of-fold predictions together. */
export type Pooled = {
  /** `recall_ci95`: Wilson's 95 % interval. */
  readonly per_class: readonly (PerClass & {
    readonly recall_ci95: readonly [number, number] | null;
  })[];
  readonly confusion_matrix: readonly (readonly number[])[];
  /** Reliability curve: 15 equal bins of the top label's probability. */
  readonly calibration: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly confidence: number | null;
    readonly accuracy: number | null;
  }[];
};

/** Accuracy of some test predictions; null where there are none. */
export type ShareRight = { readonly samples: number; readonly accuracy: number | null };

/** Test samples with such a picture in the train part of their fold, and all others. */
export type TwinScores = { readonly with: ShareRight; readonly without: ShareRight };

export type Twins = {
  readonly identical: TwinScores;
  /** Identical ones among them. */
  readonly near: TwinScores;
};

export type LintFinding = {
  readonly id: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly line: number | null;
  /** Set where the experiment switched the rule off: its reason. */
  readonly off?: string | undefined;
};

export type ThresholdCheck = {
  readonly metric: string;
  readonly statistic: string;
  readonly observed: number | null;
  /** `>= 0.35` and the like, as shown. */
  readonly bound: string;
  /** null: could not be judged (skipped or inconclusive), with the reason. */
  readonly passed: boolean | null;
  readonly reason?: string | undefined;
};

export type Verdict = {
  readonly verdict: 'none' | 'passed' | 'failed' | 'inconclusive';
  readonly checks: readonly ThresholdCheck[];
};

export type LayerRecord = {
  readonly name: string;
  readonly type: string;
  readonly output_shape: readonly (number | null)[];
  readonly parameters: number;
  readonly inputs: readonly string[];
  readonly trainable: boolean;
};

export type UnseenResult = {
  readonly fingerprint: string;
  readonly samples: number;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** By fold number, as `folds[].metrics`. */
  readonly folds: readonly { readonly fold: number; readonly metrics: MetricValues }[];
  /** Of the averaged probabilities of all folds' models. */
  readonly ensemble: {
    readonly metrics: MetricValues;
    readonly per_class: readonly PerClass[];
    readonly confusion_matrix: readonly (readonly number[])[];
  };
  readonly summary: Readonly<Record<string, Summary>>;
};

export type ExperimentResult = {
  readonly schema_version: 1;
  readonly run_id: string;
  readonly name: string;
  readonly status: 'completed' | 'failed' | 'interrupted';
  readonly started_at: string;
  readonly seconds: number;
  /** The resolved config as plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: {
    readonly foldwise: string;
    readonly node: string;
    readonly tensorflow: string;
    readonly device: string;
    readonly threads: number;
    readonly git: { readonly commit: string; readonly dirty: boolean } | null;
    readonly determinism: { readonly level: 'bitwise' | 'statistical'; readonly reason: string };
  };
  readonly dataset: {
    readonly fingerprint: string;
    /** Before the pictures were prepared: equal where runs look at the same samples. */
    readonly source_fingerprint: string;
    readonly samples: number;
    readonly image: { readonly height: number; readonly width: number; readonly channels: number };
    readonly classes: readonly { readonly name: string; readonly count: number }[];
    readonly duplicates: {
      readonly policy: string;
      readonly identical_clusters: number;
      readonly identical_samples: number;
      readonly near_clusters: number;
      readonly near_samples: number;
      readonly conflicting_clusters: number;
      readonly dropped: number;
    };
    readonly synthetic: boolean;
    readonly notes: readonly string[];
  };
  readonly split: {
    readonly type: string;
    readonly hash: string;
    /** How far the class counts of test parts are from an equal share, at most, in samples. */
    readonly largest_deviation: number;
    /**
     * The most that the strategy allows: samples of the largest cluster that is kept together + 1;
     * null where it promises nothing.
     */
    readonly deviation_bound?: number | null | undefined;
    /** Whether whole groups stay in one role; then the validation part is not stratified. */
    readonly grouped: boolean;
    readonly folds: readonly {
      readonly fold: number;
      readonly train: number;
      readonly validation: number;
      readonly test: number;
      /** Test samples of each class, in class order. */
      readonly test_classes: readonly number[];
    }[];
  };
  readonly model: {
    readonly parameters: {
      readonly total: number;
      readonly trainable: number;
      readonly non_trainable: number;
    };
    readonly input_shape: readonly (number | null)[];
    readonly layers: readonly LayerRecord[];
    /** True when a frozen backbone's features were computed once and reused. */
    readonly cached_features: boolean;
  };
  readonly selection: { readonly rule: string; readonly monitor: string | null };
  readonly folds: readonly FoldRecord[];
  readonly summary: Readonly<Record<string, Summary>>;
  /** Null while folds are missing: a part of the samples is another quantity. */
  readonly pooled: Pooled | null;
  /** Where test samples have (nearly) identical pictures in train, unless folds are missing. */
  readonly twins?: Twins | undefined;
  /** Best score without looking at the picture, by metric; null where there is none. */
  readonly know_nothing: MetricValues;
  readonly unseen: Readonly<Record<string, UnseenResult>>;
  readonly lint: readonly LintFinding[];
  readonly thresholds: Verdict;
  /** Named files of the run, relative to its directory. */
  readonly files: Readonly<Record<string, string>>;
  readonly smoke: boolean;
};
