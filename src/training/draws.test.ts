import { expect, test } from '@jest/globals';
import { drawsAt, shuffled, symmetricBeta } from './draws.ts';

const many = (draw: () => number, count: number) => Array.from({ length: count }, draw);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]) => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

test('a seed and a place give the same draws again, and any other place others', () => {
  const first = (...place: (string | number)[]) => many(drawsAt(42, ...place), 4);
  expect(first('order', 3)).toEqual(first('order', 3));
  const others = [first('order', 3), first('order', 4), first('mixing', 3), first('order', 3, 0)];
  expect(new Set(others.map(String)).size).toBe(others.length);
  expect(many(drawsAt(43, 'order', 3), 4)).not.toEqual(first('order', 3));
});

test('draws are uniform, also across neighbouring places', () => {
  for (const values of [
    many(drawsAt(1, 'order', 1), 20000),
    Array.from({ length: 20000 }, (_, place) => drawsAt(1, 'mixing', 1, place)()),
  ]) {
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(variance(values) - 1 / 12)).toBeLessThan(0.003);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
  }
});

test('shuffling keeps every entry and puts each anywhere alike', () => {
  const values = Uint32Array.from([10, 20, 30, 40]);
  const firsts = new Map<number, number>();
  for (let epoch = 0; epoch < 4000; epoch++) {
    const order = shuffled(values, drawsAt(5, 'order', epoch));
    expect([...order].sort()).toEqual([10, 20, 30, 40]);
    firsts.set(order[0] ?? 0, (firsts.get(order[0] ?? 0) ?? 0) + 1);
  }
  for (const count of firsts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  expect([...values]).toEqual([10, 20, 30, 40]);
});

test.each([0.2, 1, 4])('Beta(%d, same) has its mean and variance', (alpha) => {
  const draw = drawsAt(7, 'beta');
  const values = many(() => symmetricBeta(alpha, draw), 20000);
  expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.012);
  expect(Math.abs(variance(values) - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.004);
});
