import { expect, test } from '@jest/globals';
import { chooseConcurrency } from './concurrency.ts';
import type { Machine } from './machine.ts';

const auto = { folds_at_once: 'auto', threads: 'auto' } as const;
const small = 200e6;

const cpu = (cores: number, gigabytes: number): Machine => ({
  cores,
  freeMemory: gigabytes * 1e9,
  gpus: [],
});
const withGpus = (...gigabytes: number[]): Machine => ({
  ...cpu(16, 128),
  gpus: gigabytes.map((free, i) => ({ id: String(i), freeMemory: free * 1e9 })),
});

test.each([
  [cpu(2, 20), 5, { foldsAtOnce: 2, threads: 1, gpus: [] }],
  [cpu(16, 64), 5, { foldsAtOnce: 5, threads: 3, gpus: [] }],
  [cpu(16, 3.5), 10, { foldsAtOnce: 3, threads: 5, gpus: [] }],
  [cpu(4, 0.1), 10, { foldsAtOnce: 1, threads: 4, gpus: [] }],
  [cpu(4, 64), 0, { foldsAtOnce: 1, threads: 4, gpus: [] }],
])('on the CPU as many folds as cores and memory allow (%#)', (machine, folds, expected) => {
  expect(chooseConcurrency(auto, folds, small, machine)).toEqual(expected);
});

test('several folds share a large GPU, one a small one', () => {
  const large = chooseConcurrency(auto, 10, small, withGpus(140));
  expect(large).toEqual({ foldsAtOnce: 4, threads: 4, gpus: ['0', '0', '0', '0'] });
  expect(chooseConcurrency(auto, 10, small, withGpus(3)).gpus).toEqual(['0']);
});

test('folds are dealt out over several GPUs, more to those with more room', () => {
  expect(chooseConcurrency(auto, 2, small, withGpus(140, 140)).gpus).toEqual(['0', '1']);
  expect(chooseConcurrency(auto, 10, small, withGpus(5, 140)).gpus).toEqual([
    ...['1', '1', '0', '1', '0', '1'],
  ]);
});

test('what the user asks for is done, on whatever there is', () => {
  const asked = { folds_at_once: 3, threads: 2 };
  expect(chooseConcurrency(asked, 5, 1e12, cpu(1, 1))).toEqual({
    ...{ foldsAtOnce: 3, threads: 2, gpus: [] },
  });
  expect(chooseConcurrency(asked, 2, small, withGpus(3)).gpus).toEqual(['0', '0']);
});
