/**
 * Holm's adjustment of several p-values ("A simple sequentially rejective multiple test procedure",
 * 1979): each may be held against 5 % as if it were alone. In the order given.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  order.forEach(({ p, i }, position) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - position)));
    adjusted[i] = largest;
  });
  return adjusted;
}
