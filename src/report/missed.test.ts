import { expect, test } from '@jest/globals';
import { missedBy } from './missed.ts';

const check = (observed: number | null, bound: string, passed: boolean | null) => ({
  metric: 'accuracy',
  statistic: 'mean',
  observed,
  bound,
  passed,
});

test('a missed bound tells the gap, with a baseline too', () => {
  expect(missedBy(check(0.9, '>= 0.95', false))).toBe('by 0.0500');
  expect(missedBy(check(0.7, '<= 0.45', false))).toBe('by 0.2500');
  expect(missedBy(check(0.6, '>= baseline - 0.01 = 0.62', false))).toBe('by 0.0200');
});

test('a gap smaller than what is shown of numbers is told all the same', () => {
  expect(missedBy(check(0.949999, '>= 0.95', false))).toBe('by 0.0000010');
});

test('what held or was not judged has no gap', () => {
  expect(missedBy(check(0.96, '>= 0.95', true))).toBe('');
  expect(missedBy(check(null, '>= baseline - 0.01', null))).toBe('');
});
