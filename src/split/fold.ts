/** One train/validation/test division of a dataset: indices only, ascending order not implied. */
export type Fold = {
  readonly fold: number;
  /** Which repetition of a repeated strategy, 0 elsewhere. */
  readonly repeat: number;
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
};

/** What a training process may know: a fold without its test part. */
export type TrainingFold = Omit<Fold, 'test'>;
