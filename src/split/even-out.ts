/**
 * Class counts of stratified folds whose representatives stand for clusters of different size.
 * The strategy deals out representatives; where their followers put a fold further off than the
 * largest cluster allows, representatives of one class change places between two folds.
 */
import type { Division } from './strategies/define.ts';

/**
 * `divisions` of one repeat (test parts partition the representatives) with test parts in which the
 * sample counts of each class differ between folds by at most the largest cluster.
 * `weights` is what each representative stands for and `labels` its class, both [representatives].
 * A cluster with several labels counts under its representative's.
 */
export function evenOut(
  divisions: readonly Division[],
  labels: Int32Array,
  weights: Uint32Array,
): readonly Division[] {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 1);
  if (largest === 1) return divisions;
  const foldOf = new Int32Array(labels.length);
  divisions.forEach(({ test }, fold) => {
    for (const i of test) foldOf[i] = fold;
  });
  let moved = false;
  for (const label of new Set(labels))
    moved =
      evenOutClass(label, { labels, weights, foldOf, folds: divisions.length, largest }) || moved;
  if (!moved) return divisions;
  const all = Uint32Array.from(labels, (_, i) => i);
  return divisions.map(({ repeat }, fold) => ({
    train: all.filter((i) => foldOf[i] !== fold),
    test: all.filter((i) => foldOf[i] === fold),
    ...(repeat !== undefined && { repeat }),
  }));
}

type Dealt = {
  readonly labels: Int32Array;
  readonly weights: Uint32Array;
  readonly foldOf: Int32Array;
  readonly folds: number;
  readonly largest: number;
};

/** Changes `foldOf`; true where it did. Ends, because every exchange narrows the widest gap. */
function evenOutClass(label: number, dealt: Dealt): boolean {
  const { labels, weights, foldOf, largest } = dealt;
  const weightOf = (i: number) => weights[i] as number; // one per representative
  const members: number[][] = Array.from({ length: dealt.folds }, () => []);
  labels.forEach((value, i) => {
    if (value === label) members[foldOf[i] as number]?.push(i); // one fold each
  });
  const totals = members.map((list) => list.reduce((total, i) => total + weightOf(i), 0));

  let moved = false;
  for (;;) {
    const high = totals.indexOf(Math.max(...totals));
    const low = totals.indexOf(Math.min(...totals));
    const [above, below] = [members[high] ?? [], members[low] ?? []];
    if ((totals[high] ?? 0) - (totals[low] ?? 0) <= largest) return moved;
    const heavy = above.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
    const light = below.reduce((a, b) => (weightOf(b) < weightOf(a) ? b : a));
    const change = weightOf(heavy) - weightOf(light);
    if (change <= 0) return moved;
    above[above.indexOf(heavy)] = light;
    below[below.indexOf(light)] = heavy;
    foldOf[heavy] = low;
    foldOf[light] = high;
    totals[high] = (totals[high] ?? 0) - change;
    totals[low] = (totals[low] ?? 0) + change;
    moved = true;
  }
}
