/** Wilson's score interval of a share, such as the recall of a class. */

/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/** 95 % interval of `hits` of `n`; null where n is 0. */
export function wilsonInterval(hits: number, n: number): readonly [number, number] | null {
  if (n === 0) return null;
  const p = hits / n;
  const scale = 1 + (z * z) / n;
  const center = (p + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  // Exactly 0 and 1 at the ends, which rounding would miss.
  return [hits === 0 ? 0 : center - half, hits === n ? 1 : center + half];
}
