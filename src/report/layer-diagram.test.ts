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
    expect(x + diagram.boxWidth).toBeLessThanOrEqual(diagram.width);
    expect(y + diagram.boxHeight).toBeLessThanOrEqual(diagram.height);
  }
});
