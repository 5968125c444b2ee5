import { expect, test } from '@jest/globals';
import { layerDiagram } from './layer-diagram.ts';

const layer = (name: string, ...inputs: string[]) => ({
  name,
  type: 'dense',
  output_shape: [null, 4],
  parameters: 1234,
  inputs,
  trainable: false,
});

test('a chain goes straight down', () => {
  const { boxes, edges } = layerDiagram([8], [layer('a', 'input'), layer('b', 'a')]);
  expect(new Set(boxes.map(({ x }) => x)).size).toBe(1);
  const heights = boxes.map(({ y }) => y);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
  expect(edges).toHaveLength(2);
  expect(boxes[1]).toMatchObject({
    title: 'a (dense)',
    detail: '? × 4 · 1,234 parameters',
    frozen: true,
  });
});

test('branches stand side by side, what joins them below both, and no box covers another', () => {
  const diagram = layerDiagram(
    [8],
    [layer('a', 'input'), layer('b', 'input'), layer('c', 'b'), layer('d', 'a', 'c')],
  );
  const at = (title: string) => diagram.boxes.find((box) => box.title.startsWith(title));
  expect(at('a')?.y).toBe(at('b')?.y);
  expect(at('d')?.y).toBeGreaterThan(at('c')?.y ?? 0);
  expect(new Set(diagram.boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(diagram.boxes.length);
  for (const { x, y } of diagram.boxes) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + diagram.boxWidth).toBeLessThanOrEqual(diagram.width);
    expect(y + diagram.boxHeight).toBeLessThanOrEqual(diagram.height);
  }
});

/** A module of GoogLeNet: four branches of one to three layers. */
const inception = (name: string, from: string) => [
  layer(`${name}_one`, from),
  layer(`${name}_reduce3`, from),
  layer(`${name}_three`, `${name}_reduce3`),
  layer(`${name}_pool`, from),
  layer(`${name}_pooled`, `${name}_pool`),
  layer(name, `${name}_one`, `${name}_three`, `${name}_pooled`),
];

test('a connection that passes rows goes through no box', () => {
  const layers = [...inception('m', 'input'), ...inception('n', 'm'), layer('sum', 'input', 'n')];
  const { boxes, boxWidth, boxHeight, edges } = layerDiagram([8], layers);
  expect(edges).toHaveLength(layers.flatMap(({ inputs }) => inputs).length);
  let verticals = 0;
  for (const edge of edges) {
    // Where a path goes straight down, `V` follows the point that it starts from.
    for (const [, x, from, to] of edge.matchAll(/([\d.]+),([\d.]+) V([\d.]+)/g)) {
      verticals += 1;
      for (const box of boxes) {
        const beside = Number(x) <= box.x || Number(x) >= box.x + boxWidth;
        const aside = Number(to) <= box.y || Number(from) >= box.y + boxHeight;
        expect(beside || aside).toBe(true);
      }
    }
  }
  expect(verticals).toBeGreaterThan(5);
});

test('boxes of one row keep apart however many there are', () => {
  const layers = Array.from({ length: 9 }, (_, i) => layer(`branch ${i}`, 'input'));
  const { boxes, boxWidth } = layerDiagram([8], [...layers, layer('all', 'branch 0', 'branch 8')]);
  const row = boxes.filter(({ title }) => title.startsWith('branch')).map(({ x }) => x);
  row.sort((a, b) => a - b);
  const apart = row.slice(1).map((x, i) => x - (row[i] ?? 0));
  expect(Math.min(...apart)).toBeGreaterThan(boxWidth);
});

test('a name too long for its box is cut, and told in full', () => {
  const [, box] = layerDiagram(
    [8],
    [layer('inception_4b_three_by_three_reduction', 'input')],
  ).boxes;
  expect(box?.title).toMatch(/^inception_4b_.*…$/);
  expect(box?.full).toBe('inception_4b_three_by_three_reduction (dense)');
});
