/** What a fold is trained from, and what comes of it. */
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import type { TrainingFold } from '../split/fold.ts';
import type { EpochRecord } from './epoch-record.ts';
import type { InputSource } from './input-source.ts';
import type { TrainingConfig } from './schema.ts';
import type { Selection } from './selection.ts';
import type { ExecutionMode } from './step-runner.ts';

export type FoldTask = {
  readonly tf: Engine;
  /** Built and initialised; its weights are trained in place. */
  readonly model: LayersModel;
  readonly input: InputSource;
  /** Class of each sample, by its index in the dataset. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly fold: TrainingFold;
  readonly config: TrainingConfig;
  /** Metrics to compute after each epoch, on the train and (with val_) the validation part. */
  readonly monitors: readonly string[];
  readonly seed: number;
  /** The last complete epoch is kept here; a state that lies there is gone on from. */
  readonly stateDirectory: string;
  /** One epoch of each phase, two batches of everything. */
  readonly smoke: boolean;
  /** How the training step runs; default auto. */
  readonly mode?: ExecutionMode | undefined;
  onEpoch(record: EpochRecord): void;
  /** After each batch; `epoch` and `batch` count from 1. */
  onProgress?(epoch: number, batch: number, batches: number): void;
  /** Something that the user should know. */
  onNote?(message: string): void;
  /** Asked before each batch. */
  shouldStop(): boolean;
};

export type FoldTraining = {
  readonly epochs: readonly EpochRecord[];
  readonly epochsRun: number;
  /** Epoch whose weights the model has now, counted from 1; null when interrupted. */
  readonly bestEpoch: number | null;
  readonly selection: Selection;
  /** Why training ended before the last epoch. */
  readonly stopped: string | null;
  /** Asked to stop: the model is not trained, the state goes on from its last complete epoch. */
  readonly interrupted: boolean;
};

/** Most batches of a pass. */
export const batchLimit = ({ smoke }: Pick<FoldTask, 'smoke'>): number =>
  smoke ? 2 : Number.POSITIVE_INFINITY;
