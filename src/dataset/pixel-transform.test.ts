import { expect, test } from '@jest/globals';
import { hasPixelSteps, needsStatistics, pixelTransform } from './pixel-transform.ts';

const standardize = {
  type: 'standardize',
  mean: undefined,
  standard_deviation: undefined,
} as const;

test('without a pixel step pixels become 0 to 1', () => {
  const plain = { mean: [0, 0, 0], scale: [1 / 255, 1 / 255, 1 / 255], reverse_channels: false };
  expect(pixelTransform({}, 3, undefined)).toEqual(plain);
  const gray = { preprocessing: [{ type: 'grayscale' }] } as const;
  expect(pixelTransform(gray, 1, undefined)).toMatchObject({ mean: [0], scale: [1 / 255] });
  expect(hasPixelSteps(gray)).toBe(false);
});

test('rescale multiplies, then adds', () => {
  const config = { preprocessing: [{ type: 'rescale', scale: 2 / 255, offset: -1 }] } as const;
  const { mean, scale } = pixelTransform(config, 1, undefined);
  const apply = (x: number) => (x - (mean[0] ?? 0)) * (scale[0] ?? 0);
  expect(apply(0)).toBeCloseTo(-1, 12);
  expect(apply(255)).toBeCloseTo(1, 12);
  expect(hasPixelSteps(config)).toBe(true);
  expect(needsStatistics(config)).toBe(false);
});

test('given statistics are in the units of the values at that step', () => {
  const rescale = { type: 'rescale', scale: 1 / 255, offset: 0 } as const;
  const given = { type: 'standardize', mean: 0.5, standard_deviation: [0.25] } as const;
  const config = { preprocessing: [rescale, given] };
  expect(needsStatistics(config)).toBe(false);
  const { mean, scale } = pixelTransform(config, 1, undefined);
  expect(mean[0]).toBeCloseTo(127.5, 10);
  expect(scale[0]).toBeCloseTo(4 / 255, 12);
});

test('standardize without statistics is a bug, not a default', () => {
  const config = { preprocessing: [standardize] };
  expect(needsStatistics(config)).toBe(true);
  expect(() => pixelTransform(config, 1, undefined)).toThrow('statistics');
});

test('a channel that never changes does not divide by zero', () => {
  const statistics = { mean: [7], standard_deviation: [0] };
  const { mean, scale } = pixelTransform({ preprocessing: [standardize] }, 1, statistics);
  expect([mean[0], Number.isFinite(scale[0])]).toEqual([7, true]);
});
