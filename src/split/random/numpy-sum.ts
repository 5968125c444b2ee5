/**
 * NumPy's pairwise summation, so that scores which decide between folds tie and differ in the last
 * bit exactly where scikit-learn's do.
 */

/** Sum of a contiguous row, as numpy.sum (pairwise_sum in loops_utils.h). */
export function sum(values: readonly number[], start = 0, end = values.length): number {
  const n = end - start;
  const at = (i: number) => values[start + i] as number; // 0 ≤ i < n
  if (n < 8) {
    let total = 0;
    for (let i = 0; i < n; i++) total += at(i);
    return total;
  }
  if (n <= 128) {
    const r = Array.from({ length: 8 }, (_, j) => at(j)) as [
      ...[number, number, number, number],
      ...[number, number, number, number],
    ]; // eight partial sums
    let i = 8;
    for (; i < n - (n % 8); i += 8) for (let j = 0; j < 8; j++) r[j] = (r[j] as number) + at(i + j);
    let total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    for (; i < n; i++) total += at(i);
    return total;
  }
  const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
  return sum(values, start, start + half) + sum(values, start + half, end);
}

/** numpy.std of a row (ddof 0). */
export function populationDeviation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((x) => (x - mean) * (x - mean))) / values.length);
}
