/** Places the layers of a graph: a row for each distance from the input, the way down in order. */
import type { ExperimentResult, LayerRecord } from '../result/experiment-result.ts';

type Shape = ExperimentResult['model']['input_shape'];

export type DiagramBox = {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly detail: string;
  readonly frozen: boolean;
};

export type LayerDiagram = {
  readonly width: number;
  readonly height: number;
  readonly boxWidth: number;
  readonly boxHeight: number;
  readonly boxes: readonly DiagramBox[];
  /** SVG paths, one for each connection. */
  readonly edges: readonly string[];
};

const box = { width: 210, height: 38 };
const gap = { across: 24, down: 18 };

export function layerDiagram(input: Shape, layers: readonly LayerRecord[]): LayerDiagram {
  const nodes = [inputNode(input), ...layers];
  const rows = rowsOf(nodes);
  const widest = Math.max(...rows.map(({ length }) => length));
  const inner = widest * (box.width + gap.across) - gap.across;
  // Room at the right for connections that go past other rows; a pixel for the boxes' lines.
  const width = inner + 60;
  const places = new Map<string, { x: number; y: number; row: number }>();
  for (const [row, names] of rows.entries()) {
    const used = names.length * (box.width + gap.across) - gap.across;
    for (const [column, { name }] of names.entries()) {
      const x = 1 + (inner - used) / 2 + column * (box.width + gap.across);
      places.set(name, { x, y: 1 + row * (box.height + gap.down), row });
    }
  }
  return {
    width,
    height: rows.length * (box.height + gap.down) - gap.down + 2,
    boxWidth: box.width,
    boxHeight: box.height,
    boxes: nodes.map((node) => ({
      x: places.get(node.name)?.x ?? 0,
      y: places.get(node.name)?.y ?? 0,
      title: node.name === node.type ? node.type : `${node.name} (${node.type})`,
      detail: detailOf(node),
      frozen: !node.trainable && node.parameters > 0,
    })),
    edges: nodes.flatMap((node) =>
      node.inputs.flatMap((from) => {
        const [start, end] = [places.get(from), places.get(node.name)];
        return start && end ? [edge(start, end)] : [];
      }),
    ),
  };
}

const inputNode = (shape: Shape): LayerRecord => ({
  name: 'input',
  type: 'input',
  output_shape: shape,
  parameters: 0,
  inputs: [],
  trainable: true,
});

/** A layer stands one row below the lowest of its inputs; they come before it in the list. */
function rowsOf(nodes: readonly LayerRecord[]): LayerRecord[][] {
  const depths = new Map<string, number>();
  const rows: LayerRecord[][] = [];
  for (const node of nodes) {
    const depth = Math.max(-1, ...node.inputs.map((name) => depths.get(name) ?? 0)) + 1;
    depths.set(node.name, depth);
    rows[depth] = [...(rows[depth] ?? []), node];
  }
  return rows.filter((row) => row !== undefined);
}

function detailOf({ output_shape, parameters }: LayerRecord): string {
  const shape = output_shape.map((size) => size ?? '?').join(' × ');
  return parameters === 0 ? shape : `${shape} · ${parameters.toLocaleString('en-US')} parameters`;
}

type Place = { readonly x: number; readonly y: number; readonly row: number };

/** Straight down to the next row, in an arc at the right past others. */
function edge(start: Place, end: Place): string {
  const [x1, y1] = [start.x + box.width / 2, start.y + box.height];
  const [x2, y2] = [end.x + box.width / 2, end.y];
  if (end.row - start.row === 1) {
    const middle = (y1 + y2) / 2;
    return `M${x1},${y1} C${x1},${middle} ${x2},${middle} ${x2},${y2}`;
  }
  const [right1, right2] = [start.x + box.width, end.x + box.width];
  const beyond = Math.max(right1, right2) + 50;
  const [from, to] = [start.y + box.height / 2, end.y + box.height / 2];
  return `M${right1},${from} C${beyond},${from} ${beyond},${to} ${right2},${to}`;
}
