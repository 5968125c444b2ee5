/** Finds clusters of identical and of nearly identical pictures from the hashes of all of them. */
import type { Duplicates } from './dataset.ts';
import { differingBits } from './difference-hash.ts';

/** Two pictures are near when their difference hashes differ in at most this many bits. */
const NEAR_DISTANCE = 2;

/** Larger clusters of near pictures are chains of look-alikes (aligned faces), not copies. */
const LARGEST_NEAR_CLUSTER = 20;

export type PictureHashes = {
  /** Hash of all decoded bytes and the shape, [samples]. */
  readonly content: readonly string[];
  /** Difference hashes as two halves per sample, [2 · samples], where they were made. */
  readonly difference?: Uint32Array | undefined;
  /** 1 where a picture has one value only: left out of the search for near ones, [samples]. */
  readonly constant?: Uint8Array | undefined;
};

export type FoundDuplicates = Omit<Duplicates, 'dropped'> & {
  /** Clusters of near pictures that were left out because they are too large. */
  readonly oversized: number;
};

/**
 * `identical`: clusters of two and more samples with the same pixels. `near`: clusters of samples
 * linked by difference hashes at most 2 apart, with at least two and at most 20 distinct pictures;
 * identical members are included. Clusters and their members are in ascending order.
 */
export function findDuplicates(hashes: PictureHashes, labels: Int32Array): FoundDuplicates {
  const copies = groupByContent(hashes.content);
  const identical = [...copies.values()].filter((cluster) => cluster.length > 1);
  const conflicting = identical.filter((cluster) =>
    cluster.some((sample) => labels[sample] !== labels[cluster[0] ?? 0]),
  );
  const { difference, constant } = hashes;
  const distinct = [...copies.values()].filter(([first = 0]) => constant?.[first] !== 1);
  const linked = difference === undefined ? [] : nearClusters(distinct, difference);
  const near = linked
    .filter((pictures) => pictures.length <= LARGEST_NEAR_CLUSTER)
    .map((pictures) => pictures.flat().sort((one, other) => one - other));
  return { identical, conflicting, near, oversized: linked.length - near.length };
}

function groupByContent(content: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  content.forEach((hash, sample) => {
    const group = groups.get(hash);
    if (group) group.push(sample);
    else groups.set(hash, [sample]);
  });
  return groups;
}

/** Connected components of two and more pictures (each a list of identical samples). */
function nearClusters(
  pictures: readonly (readonly number[])[],
  difference: Uint32Array,
): (readonly number[])[][] {
  const parent = Int32Array.from(pictures.keys());
  const root = (picture: number): number => {
    let top = picture;
    while ((parent[top] ?? top) !== top) top = parent[top] ?? top;
    parent[picture] = top;
    return top;
  };
  const high = Uint32Array.from(pictures, ([first = 0]) => difference[2 * first] ?? 0);
  const low = Uint32Array.from(pictures, ([first = 0]) => difference[2 * first + 1] ?? 0);
  forEachCandidate(high, low, (one, other) => {
    const bits =
      differingBits(high[one] ?? 0, high[other] ?? 0) +
      differingBits(low[one] ?? 0, low[other] ?? 0);
    if (bits > NEAR_DISTANCE) return;
    const [first, second] = [root(one), root(other)];
    parent[Math.max(first, second)] = Math.min(first, second);
  });
  const clusters = new Map<number, (readonly number[])[]>();
  pictures.forEach((samples, picture) => {
    const top = root(picture);
    const cluster = clusters.get(top);
    if (cluster) cluster.push(samples);
    else clusters.set(top, [samples]);
  });
  return [...clusters.values()].filter((cluster) => cluster.length > 1);
}

/**
 * Pairs that may be near: of four 16-bit blocks, two bits of difference leave two blocks equal, so
 * near hashes meet in at least one of the six tables keyed by two blocks. Equal hashes are linked
 * in a row first, and only the first of each enters the tables.
 */
function forEachCandidate(
  high: Uint32Array,
  low: Uint32Array,
  visit: (one: number, other: number) => void,
): void {
  const firsts = linkEqual(high, low, visit);
  const block = (picture: number, index: number) => {
    const half = (index < 2 ? high : low)[picture] ?? 0;
    return index % 2 === 0 ? half >>> 16 : half & 0xffff;
  };
  const previous = new Int32Array(high.length);
  for (const [first, second] of blockPairs) {
    const latest = new Map<number, number>();
    for (const picture of firsts) {
      const key = block(picture, first) * 65536 + block(picture, second);
      const before = latest.get(key) ?? -1;
      for (let other = before; other >= 0; other = previous[other] ?? -1) visit(other, picture);
      previous[picture] = before;
      latest.set(key, picture);
    }
  }
}

const blockPairs = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
] as const;

/** Visits pictures of equal hashes; returns one of each hash. */
function linkEqual(
  high: Uint32Array,
  low: Uint32Array,
  visit: (one: number, other: number) => void,
): number[] {
  const order = [...high.keys()].sort(
    (one, other) =>
      (high[one] ?? 0) - (high[other] ?? 0) || (low[one] ?? 0) - (low[other] ?? 0) || one - other,
  );
  return order.filter((picture, rank) => {
    const before = order[rank - 1];
    if (before === undefined) return true;
    if (high[before] !== high[picture] || low[before] !== low[picture]) return true;
    visit(before, picture);
    return false;
  });
}
