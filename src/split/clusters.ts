/**
 * Identical pictures in one fold: the strategy divides one representative of each cluster, and the
 * other members follow it.
 */
import type { Duplicates } from '../dataset/dataset.ts';
import type { Samples } from './strategies/define.ts';

export type Clusters = readonly (readonly number[])[];

/** The clusters that the dataset's policies say must stay together, as sample indices. */
export function clustersKeptTogether(
  duplicates: Pick<Duplicates, 'identical' | 'near'>,
  policy: { readonly duplicates: string; readonly near_duplicates: string },
): Clusters {
  return [
    ...(policy.duplicates === 'group' ? duplicates.identical : []),
    ...(policy.near_duplicates === 'group' ? duplicates.near : []),
  ];
}

/** Representative of each sample (the first of its cluster, or itself), [samples]. */
export function representatives(samples: number, clusters: Clusters): Uint32Array {
  return joined(samples, clusters);
}

/** Members of each representative, itself first, for those that stand for more than themselves. */
export function followers(representativeOf: Uint32Array): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  representativeOf.forEach((representative, i) => {
    if (representative === i) return;
    const list = members.get(representative) ?? [representative];
    list.push(i);
    members.set(representative, list);
  });
  return members;
}

/** Every representative replaced by all that it stands for. */
export function withFollowers(
  indices: Uint32Array,
  members: ReadonlyMap<number, readonly number[]>,
): Uint32Array {
  if (members.size === 0) return indices;
  const all: number[] = [];
  for (const i of indices) {
    const list = members.get(i);
    if (list) for (const member of list) all.push(member);
    else all.push(i);
  }
  return Uint32Array.from(all);
}

/**
 * Groups with those joined into one that share a cluster: a picture found under two subjects ties
 * them, or one of them would be tested on what it was trained on.
 */
export function groupsJoinedBy(groups: Int32Array, representativeOf: Uint32Array): Int32Array {
  const ties: number[][] = [];
  representativeOf.forEach((representative, i) => {
    const [a, b] = [groups[representative] as number, groups[i] as number]; // one per sample
    if (a !== b) ties.push([a, b]);
  });
  if (ties.length === 0) return groups;
  const count = groups.reduce((largest, group) => Math.max(largest, group), 0) + 1;
  const joinedGroup = joined(count, ties);
  return groups.map((group) => joinedGroup[group] as number); // one per group
}

/** The samples at `indices` alone, in that order. */
export function samplesAt(samples: Samples, indices: Uint32Array): Samples {
  const pick = <T extends Int32Array | Uint8Array>(values: T): T =>
    // A typed array of the same kind, as long as `indices`; its constructor is not in its type.
    (values.constructor as unknown as { from(list: Iterable<number>): T }).from(
      Array.from(indices, (i) => values[i] as number),
    );
  return {
    labels: pick(samples.labels),
    classes: samples.classes,
    parts: samples.parts && pick(samples.parts),
    groups: samples.groups && pick(samples.groups),
    groupNames: samples.groupNames,
  };
}

/** Union-find: the least number that each of 0 … count − 1 is tied to. */
function joined(count: number, ties: Clusters): Uint32Array {
  const parent = Uint32Array.from({ length: count }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number; // parents are in range
    return at;
  };
  for (const tie of ties) {
    const least = Math.min(...tie.map(root));
    for (const i of tie) parent[root(i)] = least;
  }
  return parent.map((_, i) => root(i));
}
