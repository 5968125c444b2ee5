import { expect, test } from '@jest/globals';
import { describeSource } from './source.ts';

test('a source is told in words, its settings in the order of the config', () => {
  const source = { type: 'pixel_csv', path: '/data/digits.csv', size: [8, 8], scale: 255 };
  expect(describeSource({ dataset: { source } })).toBe(
    'pixel_csv: path /data/digits.csv, size 8 × 8, scale 255',
  );
});

test('what is nested stands in parentheses; a source without settings is its type alone', () => {
  const source = { type: 'synthetic_faces', class_shares: { happy: 0.5, sad: 0.5 }, seed: 7 };
  expect(describeSource({ dataset: { source } })).toBe(
    'synthetic_faces: class_shares (happy 0.5, sad 0.5), seed 7',
  );
  expect(describeSource({ dataset: { source: { type: 'jaffe' } } })).toBe('jaffe');
});

test('a config without a source has nothing to tell', () => {
  expect(describeSource({})).toBe('');
});
