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
  const pictures = [...groupByContent(hashes.content).values()];
  const identical = pictures.filter((cluster) => cluster.length > 1);
  const conflicting = identical.filter((cluster) =>
    cluster.some((sample) => labels[sample] !== labels[cluster[0] ?? 0]),
  );
  const { difference, constant } = hashes;
  const distinct = pictures.filter(([first = 0]) => constant?.[first] !== 1);
  const linked = difference === undefined ? [] : nearClusters(distinct, difference);
  const near = linked
    .filter((cluster) => cluster.length <= LARGEST_NEAR_CLUSTER)
    .map((cluster) => cluster.flat().sort((one, other) => one - other));
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
  const high = new Uint32Array(pictures.length);
  const low = new Uint32Array(pictures.length);
  pictures.forEach(([first = 0], picture) => {
    high[picture] = difference[2 * first] ?? 0;
    low[picture] = difference[2 * first + 1] ?? 0;
  });
  forEachCandidate(high, low, (one, other) => {
    const bits =
      differingBits(high[one] ?? 0, high[other] ?? 0) +
      differingBits(low[one] ?? 0, low[other] ?? 0);
    if (bits > NEAR_DISTANCE) return;
    const [first, second] = [root(one), root(other)];
    parent[Math.max(first, second)] = Math.min(first, second);
  });
  // A root is the first of its cluster, so clusters come in the order of their first pictures.
  const clusters = new Map<number, (readonly number[])[]>();
  pictures.forEach((samples, picture) => {
    const top = root(picture);
    if (top === picture) return;
    const cluster = clusters.get(top) ?? [pictures[top] ?? []];
    clusters.set(top, cluster);
    cluster.push(samples);
  });
  return [...clusters].sort(([one], [other]) => one - other).map(([, cluster]) => cluster);
}

/**
 * Pairs that may be near: of four 16-bit blocks, two bits of difference leave two blocks equal, so
 * near hashes meet in at least one of the six tables keyed by two blocks. Equal hashes are linked
 * to the first of them, and only that enters the tables.
 */
function forEachCandidate(
  high: Uint32Array,
  low: Uint32Array,
  visit: (one: number, other: number) => void,
): void {
  const firsts = linkEqual(high, low, visit);
  for (const key of blockPairs) {
    const table = new Chains(high.length);
    for (const picture of firsts) {
      const chain = table.chainOf(key(high[picture] ?? 0, low[picture] ?? 0));
      for (let other = table.latest(chain); other >= 0; other = table.before(other))
        visit(other, picture);
      table.add(chain, picture);
    }
  }
}

/** Two of the four blocks as one number of 32 bits. */
const blockPairs: readonly ((high: number, low: number) => number)[] = [
  (high) => high,
  (_, low) => low,
  (high, low) => (high & 0xffff0000) | (low >>> 16),
  (high, low) => (high & 0xffff0000) | (low & 0xffff),
  (high, low) => (high << 16) | (low >>> 16),
  (high, low) => (high << 16) | (low & 0xffff),
];

/** Visits pictures of equal hashes; returns the first of each hash. */
function linkEqual(
  high: Uint32Array,
  low: Uint32Array,
  visit: (one: number, other: number) => void,
): number[] {
  const table = new Chains(high.length);
  const firsts: number[] = [];
  high.forEach((half, picture) => {
    const chain = table.chainOf(half ^ Math.imul(low[picture] ?? 0, 0x85ebca6b));
    let other = table.latest(chain);
    while (other >= 0 && (high[other] !== half || low[other] !== low[picture]))
      other = table.before(other);
    if (other >= 0) visit(other, picture);
    else {
      table.add(chain, picture);
      firsts.push(picture);
    }
  });
  return firsts;
}

/**
 * Pictures by the hash of a key, in chains that now and then hold other keys too. A Map of numbers
 * over 31 bits makes an object of each and takes six times as long.
 */
class Chains {
  readonly #latest: Int32Array;
  readonly #before: Int32Array;
  readonly #shift: number;

  constructor(pictures: number) {
    // About two chains per picture.
    this.#shift = Math.max(Math.clz32(pictures) - 1, 4);
    this.#latest = new Int32Array(2 ** (32 - this.#shift)).fill(-1);
    this.#before = new Int32Array(pictures);
  }

  /** Multiplicative hashing (Knuth, "The Art of Computer Programming", 6.4). */
  chainOf(key: number): number {
    return Math.imul(key, 0x9e3779b1) >>> this.#shift;
  }

  /** The picture that was added last, -1 where there is none. */
  latest(chain: number): number {
    return this.#latest[chain] ?? -1;
  }

  before(picture: number): number {
    return this.#before[picture] ?? -1;
  }

  add(chain: number, picture: number): void {
    this.#before[picture] = this.latest(chain);
    this.#latest[chain] = picture;
  }
}
