/** One complete epoch, as it goes to history.csv, the progress line and the tracker. */
export type EpochRecord = {
  /** Counted from 1. */
  readonly epoch: number;
  readonly seconds: number;
  readonly learning_rate: number;
  /** `loss`, `val_loss`, `accuracy`, `val_accuracy`, …: penalties included, as in Keras. */
  readonly values: Readonly<Record<string, number>>;
};
