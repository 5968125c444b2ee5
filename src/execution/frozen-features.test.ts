import { expect, test } from '@jest/globals';
import { parseSize } from './frozen-features.ts';

test.each([
  ['20 GB', 20e9],
  ['500M', 500e6],
  ['1.5tb', 1.5e12],
  ['0', 0],
])('the size %s is understood', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['much', '-1', '20 GiB', 'GB'])('"%s" is no size', (text) => {
  expect(() => parseSize(text)).toThrow(/FOLDWISE_CACHE_LIMIT/);
});
