/** Confusion matrices as tables: the share of each true class that was given each class. */

type Matrix = readonly (readonly number[])[];

export type ConfusionTable = {
  readonly classes: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly cells: readonly {
      readonly text: string;
      /** 0 … 1, for the depth of the colour; null where the class has no samples. */
      readonly share: number | null;
      /** On dark colour the text is light. */
      readonly deep: boolean;
      readonly right: boolean;
      readonly title: string;
    }[];
  }[];
};

/**
 * Rows divided by their sums, then the mean over matrices; a class without samples in a matrix
 * does not count there, and is null where it has none anywhere.
 */
export function averageShares(matrices: readonly Matrix[]): (number | null)[][] {
  const size = matrices[0]?.length ?? 0;
  const indices = [...Array(size).keys()];
  return indices.map((row) => {
    const present = matrices.flatMap((matrix) => {
      const counts = matrix[row] ?? [];
      const sum = counts.reduce((a, b) => a + b, 0);
      return sum === 0 ? [] : [counts.map((count) => count / sum)];
    });
    return indices.map((column) =>
      present.length === 0
        ? null
        : present.reduce((sum, shares) => sum + (shares[column] ?? 0), 0) / present.length,
    );
  });
}

/** `counts` are told where they are known. */
export function confusionTable(
  classes: readonly string[],
  shares: readonly (readonly (number | null)[])[],
  counts?: Matrix,
): ConfusionTable {
  return {
    classes,
    rows: shares.map((cells, row) => ({
      name: classes[row] ?? '',
      cells: cells.map((share, column) => {
        const percent = share === null ? '—' : `${(100 * share).toFixed(1)} %`;
        const count = counts?.[row]?.[column];
        return {
          text: share === null ? '—' : share.toFixed(2),
          share,
          deep: (share ?? 0) > 0.7,
          right: row === column,
          title: `${classes[row]} taken for ${classes[column]}: ${percent}${
            count === undefined ? '' : ` (${count})`
          }`,
        };
      }),
    })),
  };
}
