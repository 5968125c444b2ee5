import { expect, test } from '@jest/globals';
import { runPool } from './pool.ts';

const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 5, value));

test('runs at most as many jobs at once as it may, and keeps their order', async () => {
  let running = 0;
  let most = 0;
  const results = await runPool(
    [1, 2, 3, 4, 5],
    2,
    async (job) => {
      most = Math.max(most, ++running);
      await later(job);
      running--;
      return job * 10;
    },
    () => false,
  );
  expect(most).toBe(2);
  expect(results).toEqual([10, 20, 30, 40, 50].map((value) => ({ status: 'completed', value })));
});

test('a failing job leaves the others alone', async () => {
  const results = await runPool(
    [1, 2, 3],
    1,
    async (job) => {
      if (job === 2) throw new Error('no');
      return job;
    },
    () => false,
  );
  expect(results.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
});

test('a stopped pool starts nothing more', async () => {
  let stopped = false;
  const results = await runPool(
    [1, 2, 3],
    1,
    async () => {
      stopped = true;
    },
    () => stopped,
  );
  expect(results.map(({ status }) => status)).toEqual(['completed', 'skipped', 'skipped']);
});
