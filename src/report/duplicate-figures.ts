/** Which clusters of (nearly) identical pictures the report shows. */
import type { Dataset } from '../dataset/dataset.ts';

export type ClusterKind = 'conflicting' | 'identical' | 'near';

export type DuplicateFigure = {
  readonly index: number;
  /** Where the picture came from, as the dataset says. */
  readonly origin: string;
  readonly class: string;
  readonly kind: ClusterKind;
  /** First sample of the cluster: what the figures of one cluster have in common. */
  readonly cluster: number;
  /** Samples of the cluster, those that are not shown too. */
  readonly members: number;
};

/** The worst kind gets the most room. */
const clustersShown: Record<ClusterKind, number> = { conflicting: 12, identical: 8, near: 8 };
const membersShown = 6;

/** Large clusters first, kind by kind. */
export function duplicateFigures({
  classes,
  duplicates: { identical, near, conflicting },
  labels,
  origins,
}: Pick<Dataset, 'classes' | 'duplicates' | 'labels' | 'origins'>): DuplicateFigure[] {
  const conflicts = new Set(conflicting.map(([first]) => first));
  const copies = new Set(identical.flatMap(([, ...others]) => others));
  const clusters = {
    conflicting: conflicting.map((cluster) => everyLabelFirst(cluster, labels)),
    identical: identical.filter(([first]) => !conflicts.has(first)),
    // Of pictures that are identical one is enough.
    near: near.map((cluster) => cluster.filter((index) => !copies.has(index))),
  };
  const kinds = ['conflicting', 'identical', 'near'] as const;
  return kinds.flatMap((kind) =>
    [...clusters[kind]]
      .sort((a, b) => b.length - a.length)
      .slice(0, clustersShown[kind])
      .flatMap((cluster) =>
        cluster.slice(0, membersShown).map((index) => ({
          index,
          origin: origins[index] ?? '',
          class: classes[labels[index] ?? 0] ?? '',
          kind,
          cluster: Math.min(...cluster),
          members: cluster.length,
        })),
      ),
  );
}

/** One sample of each label comes before all others, so that no label is cut off. */
function everyLabelFirst(cluster: readonly number[], labels: Int32Array): number[] {
  const first = cluster.filter(
    (index, at) => cluster.findIndex((other) => labels[other] === labels[index]) === at,
  );
  return [...first, ...cluster.filter((index) => !first.includes(index))];
}
