/** The layers of a model as boxes and connections, from the input downwards. */
import type { ExperimentResult, LayerRecord } from '../result/experiment-result.ts';
import { layeredLayout, type Point } from './layered-layout.ts';

type Shape = ExperimentResult['model']['input_shape'];

export type DiagramBox = {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly detail: string;
  /** All of it, where the title is cut. */
  readonly full: string;
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

const box = { width: 220, height: 38 };
const gap = { across: 16, down: 20 };
const lane = 8;
/** Characters of a title that a box has room for. */
const titleLength = 28;

export function layerDiagram(input: Shape, layers: readonly LayerRecord[]): LayerDiagram {
  const nodes = [inputNode(input), ...layers];
  const sizes = { node: box.width, lane, gap: gap.across };
  const { places, connections, width, rows } = layeredLayout(nodes, sizes);
  return {
    // A pixel at each side for the boxes' lines.
    width: Math.ceil(width) + 2,
    height: rows * (box.height + gap.down) - gap.down + 2,
    boxWidth: box.width,
    boxHeight: box.height,
    boxes: nodes.map((node) => {
      const { x, row } = places.get(node.name) ?? { x: 0, row: 0 };
      const title = titleOf(node);
      return {
        x: round(1 + x - box.width / 2),
        y: topOf(row),
        title: title.length > titleLength ? `${title.slice(0, titleLength - 1)}…` : title,
        detail: detailOf(node),
        full: title,
        frozen: !node.trainable && node.parameters > 0,
      };
    }),
    edges: connections.map(pathOf),
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

/** Most names hold their type. */
const titleOf = ({ name, type }: LayerRecord): string =>
  name.includes(type) ? name : `${name} (${type})`;

function detailOf({ output_shape, parameters }: LayerRecord): string {
  const shape = output_shape.map((size) => size ?? '?').join(' × ');
  return parameters === 0 ? shape : `${shape} · ${parameters.toLocaleString('en-US')} parameters`;
}

const topOf = (row: number): number => 1 + row * (box.height + gap.down);
const round = (x: number): number => Math.round(10 * x) / 10;

/** From below its start to above its end, straight through the rows between. */
function pathOf(points: readonly Point[]): string {
  const [start, ...others] = points.map(({ x, row }) => ({ x: round(1 + x), top: topOf(row) }));
  if (start === undefined) return '';
  let from = { x: start.x, y: start.top + box.height };
  let path = `M${from.x},${from.y}`;
  others.forEach(({ x, top }, at) => {
    const middle = (from.y + top) / 2;
    path += x === from.x ? ` V${top}` : ` C${from.x},${middle} ${x},${middle} ${x},${top}`;
    from = { x, y: top + box.height };
    if (at < others.length - 1) path += ` V${from.y}`;
  });
  return path;
}
