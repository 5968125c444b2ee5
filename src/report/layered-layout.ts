/**
 * Places the nodes of a graph without cycles in rows, so that branches stand side by side and a
 * connection that passes rows has a lane of its own (after Sugiyama, Tagawa and Toda, 1981: rows by
 * the longest way from the start, lanes as narrow nodes, order and places by the neighbours' mean).
 */
export type LayoutNode = { readonly name: string; readonly inputs: readonly string[] };

export type Point = { readonly x: number; readonly row: number };

export type Layout = {
  /** Middle of each node; the leftmost edge of all is 0. */
  readonly places: ReadonlyMap<string, Point>;
  /** One for each connection: from its start through its lane to its end. */
  readonly connections: readonly (readonly Point[])[];
  readonly width: number;
  readonly rows: number;
};

export type Sizes = { readonly node: number; readonly lane: number; readonly gap: number };

/** A node, or a connection where it passes a row. */
type Slot = {
  readonly width: number;
  readonly row: number;
  readonly above: Slot[];
  below: Slot[];
  x: number;
};

/** `nodes` in topological order. */
export function layeredLayout(nodes: readonly LayoutNode[], sizes: Sizes): Layout {
  const slots = new Map<string, Slot>();
  const rows: Slot[][] = [];
  const chains: Slot[][] = [];
  for (const { name, inputs } of nodes) {
    const starts = inputs.flatMap((input) => slots.get(input) ?? []);
    const row = Math.max(-1, ...starts.map((start) => start.row)) + 1;
    // Lanes stand where their connection comes in, between the branches beside it.
    for (const start of starts) chains.push(laneOf(start, row, rows, sizes.lane));
    const slot: Slot = { width: sizes.node, row, above: [], below: [], x: 0 };
    for (const chain of chains.slice(chains.length - starts.length)) {
      connect(chain.at(-1), slot);
      chain.push(slot);
    }
    rows[row] = [...(rows[row] ?? []), slot];
    slots.set(name, slot);
  }
  arrange(rows, sizes.gap);
  const all = rows.flat();
  const left = Math.min(...all.map(({ x, width }) => x - width / 2));
  const right = Math.max(...all.map(({ x, width }) => x + width / 2));
  const pointOf = ({ x, row }: Slot): Point => ({ x: x - left, row });
  return {
    places: new Map([...slots].map(([name, slot]) => [name, pointOf(slot)])),
    connections: chains.map((chain) => chain.map(pointOf)),
    width: right - left,
    rows: rows.length,
  };
}

/** The start of a connection and a lane in each row that it passes. */
function laneOf(start: Slot, end: number, rows: Slot[][], width: number): Slot[] {
  const chain = [start];
  for (let row = start.row + 1; row < end; row++) {
    const lane: Slot = { width, row, above: [], below: [], x: 0 };
    connect(chain.at(-1), lane);
    chain.push(lane);
    rows[row] = [...(rows[row] ?? []), lane];
  }
  return chain;
}

function connect(above: Slot | undefined, below: Slot): void {
  if (above === undefined) return;
  above.below.push(below);
  below.above.push(above);
}

/** Down and up in turn: each row in the order, then at the places, of its neighbours' mean. */
function arrange(rows: Slot[][], gap: number): void {
  for (const row of rows)
    spread(
      row,
      row.map(() => 0),
      gap,
    );
  const down = rows.slice(1);
  const up = rows.slice(0, -1).reverse();
  for (const sort of [true, true, false, false]) {
    for (const row of down) place(row, 'above', sort, gap);
    for (const row of up) place(row, 'below', sort, gap);
  }
  for (const row of down) place(row, 'above', false, gap);
}

function place(row: Slot[], side: 'above' | 'below', sort: boolean, gap: number): void {
  const wanted = new Map(row.map((slot) => [slot, meanOf(slot[side], slot.x)]));
  if (sort) row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  spread(
    row,
    row.map((slot) => wanted.get(slot) ?? 0),
    gap,
  );
}

const meanOf = (slots: readonly Slot[], otherwise: number): number =>
  slots.length === 0 ? otherwise : slots.reduce((sum, { x }) => sum + x, 0) / slots.length;

/** As near to the wanted places as the order and the gaps allow: pushed right, pushed left, halved. */
function spread(row: readonly Slot[], wanted: readonly number[], gap: number): void {
  const apart = (i: number) => ((row[i - 1]?.width ?? 0) + (row[i]?.width ?? 0)) / 2 + gap;
  const right = [...wanted];
  for (let i = 1; i < row.length; i++)
    right[i] = Math.max(right[i] ?? 0, (right[i - 1] ?? 0) + apart(i));
  const left = [...wanted];
  for (let i = row.length - 2; i >= 0; i--)
    left[i] = Math.min(left[i] ?? 0, (left[i + 1] ?? 0) - apart(i + 1));
  row.forEach((slot, i) => {
    slot.x = ((right[i] ?? 0) + (left[i] ?? 0)) / 2;
  });
}
