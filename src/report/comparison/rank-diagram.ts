/**
 * Demšar's critical-difference diagram: models by their mean rank, the best at the left; a bar joins
 * those whose ranks differ by no more than the critical difference.
 */

export type RankDiagram = {
  readonly width: number;
  readonly height: number;
  readonly axis: {
    readonly y: number;
    readonly from: number;
    readonly to: number;
    readonly ticks: readonly { readonly x: number; readonly label: string }[];
  };
  /** The length of the critical difference, drawn above the axis. */
  readonly unit: { readonly y: number; readonly from: number; readonly to: number };
  /** SVG paths from a rank on the axis to the model's name. */
  readonly models: readonly {
    readonly path: string;
    readonly x: number;
    readonly y: number;
    readonly anchor: 'start' | 'end';
    readonly label: string;
  }[];
  readonly groups: readonly { readonly y: number; readonly from: number; readonly to: number }[];
};

const width = 560;
const margin = 150;
const axisY = 56;
const rowHeight = 24;
const barHeight = 9;

/** `meanRanks` of `labels`, 1 is best; `criticalDifference` in ranks. */
export function rankDiagram(
  labels: readonly string[],
  meanRanks: readonly number[],
  criticalDifference: number,
): RankDiagram {
  const count = labels.length;
  const step = (width - 2 * margin) / (count - 1);
  const at = (rank: number) => Math.round(10 * (margin + (rank - 1) * step)) / 10;
  const order = meanRanks
    .map((rank, model) => ({ rank, label: labels[model] ?? '' }))
    .sort((a, b) => a.rank - b.rank);
  const groups = groupsOf(
    order.map(({ rank }) => rank),
    criticalDifference,
  ).map(([from, to], row) => ({
    y: axisY + 10 + row * barHeight,
    from: at(from) - 3,
    to: at(to) + 3,
  }));
  const namesY = axisY + 22 + groups.length * barHeight;
  const left = Math.ceil(count / 2);
  return {
    width,
    height: namesY + left * rowHeight,
    axis: {
      y: axisY,
      from: at(1),
      to: at(count),
      ticks: labels.map((_, i) => ({ x: at(i + 1), label: String(i + 1) })),
    },
    unit: { y: 16, from: at(1), to: Math.min(width, at(1 + criticalDifference)) },
    models: order.map(({ rank, label }, position) => {
      const isLeft = position < left;
      const row = isLeft ? position : count - 1 - position;
      const y = namesY + row * rowHeight;
      const x = isLeft ? margin - 14 : width - margin + 14;
      const name = { x: isLeft ? x - 6 : x + 6, y: y + 4 };
      return {
        path: `M${at(rank)},${axisY} V${y} H${x}`,
        ...name,
        anchor: isLeft ? 'end' : 'start',
        label: `${label} (${rank.toFixed(2)})`,
      };
    }),
    groups,
  };
}

/** Longest stretches of ascending ranks no wider than the critical difference, of two or more. */
export function groupsOf(ranks: readonly number[], criticalDifference: number): [number, number][] {
  let reached = -1;
  return ranks.flatMap((from, start): [number, number][] => {
    const end = ranks.findLastIndex((rank) => rank - from <= criticalDifference);
    if (end <= start || end <= reached) return [];
    reached = end;
    return [[from, ranks[end] ?? from]];
  });
}
