/** Mean and standard deviation. */

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;

/** With n − 1; NaN for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const center = mean(values);
  const squares = values.reduce((sum, x) => sum + (x - center) ** 2, 0);
  return values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1));
}
