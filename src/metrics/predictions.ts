/** What a model said about a set of samples, in float64: every metric is computed from this. */
export type Predictions = {
  /** Index into the dataset of each row, [rows]. */
  readonly indices: Uint32Array;
  /** True class of each row, [rows]. */
  readonly labels: Int32Array;
  /** Class probabilities, row-major [rows, classes]; a sigmoid unit is spread to two columns. */
  readonly probabilities: Float64Array;
  readonly classes: readonly string[];
  /**
   * The test loss with the penalties of the regularisers, as Keras's `evaluate` gives it; null
   * where it is unknown (pooled or foreign predictions).
   */
  readonly loss: number | null;
};
