/**
 * Messages between the runner and the process of one fold. Data only, so that each survives
 * structured clone. The order is the promise: `train` carries a fold without its test part, and
 * test indices exist for a fold process only in `evaluate`, after it has said `trained`.
 */

import type { ImageFile } from '../dataset/dataset.ts';
import type { PixelTransform } from '../dataset/pixel-transform.ts';
import type { EngineInfo } from '../engine/load.ts';
import type { ModelGraph } from '../model/graph.ts';
import type { TrainingFold } from '../split/fold.ts';
import type { EpochRecord } from '../training/epoch-record.ts';
import type { FeatureCache } from '../training/features/frozen-part.ts';
import type { FrozenSplit } from '../training/features/split-graph.ts';
import type { TrainingConfig } from '../training/schema.ts';
import type { ExecutionMode } from '../training/step-runner.ts';

/** A role's sample indices with their class indices, in the same order. */
export type LabelledIndices = { readonly indices: Uint32Array; readonly labels: Int32Array };

export type FoldAssignment = {
  readonly fold: TrainingFold;
  readonly trainLabels: Int32Array;
  readonly validationLabels: Int32Array;
  readonly images: ImageFile;
  /** Of the dataset: names the pixels in `images`. */
  readonly fingerprint: string;
  readonly classes: readonly string[];
  readonly transform: PixelTransform;
  readonly graph: ModelGraph;
  /** File of the weights that the graph's base starts from; null when they are random. */
  readonly weights: string | null;
  /** The graph in two where nothing changes before the cut; null where there is no cut. */
  readonly frozen: FrozenSplit | null;
  /** Where features of the frozen part are kept; null to compute them for each batch. */
  readonly featureCache: FeatureCache | null;
  readonly training: TrainingConfig;
  /** Metrics computed after every epoch. */
  readonly monitors: readonly string[];
  readonly seed: number;
  readonly smoke: boolean;
  readonly device: 'cpu' | 'gpu' | 'auto';
  readonly threads: number;
  readonly mode: ExecutionMode;
  readonly stateDirectory: string;
  readonly modelDirectory: string;
};

export type ToWorker =
  | { readonly kind: 'train'; readonly assignment: FoldAssignment }
  /** Predict these samples and give the loss on them: the test part, after training. */
  | { readonly kind: 'evaluate'; readonly part: LabelledIndices }
  /** Predict pictures of another dataset. */
  | {
      readonly kind: 'predict';
      readonly name: string;
      readonly images: ImageFile;
      readonly fingerprint: string;
      readonly indices: Uint32Array;
    }
  /** End after the running batch; the last complete epoch is kept. */
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'close' };

export type FoldTraining = {
  readonly epochs: readonly EpochRecord[];
  readonly epochsRun: number;
  readonly bestEpoch: number | null;
  readonly selection: { readonly rule: string; readonly monitor: string | null };
  readonly seconds: number;
  readonly interrupted: boolean;
  /** Whether features of the frozen part came from the cache. */
  readonly cachedFeatures: boolean;
};

export type FromWorker =
  | { readonly kind: 'ready'; readonly engine: EngineInfo }
  | {
      readonly kind: 'batch';
      readonly epoch: number;
      readonly batch: number;
      readonly batches: number;
    }
  /** Samples whose features are in the cache, of all. */
  | { readonly kind: 'features'; readonly done: number; readonly total: number }
  | { readonly kind: 'epoch'; readonly record: EpochRecord }
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'trained'; readonly training: FoldTraining }
  /** Row-major [samples, classes]. */
  | { readonly kind: 'evaluated'; readonly probabilities: Float64Array; readonly loss: number }
  | { readonly kind: 'predicted'; readonly name: string; readonly probabilities: Float64Array }
  | {
      readonly kind: 'failed';
      /** A code of ExperimentError, or `BUG`. */
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
    };
