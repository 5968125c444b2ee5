import { expect, test } from '@jest/globals';
import { availableMemory, cgroupRoom, thisMachine, visibleGpus } from './machine.ts';

test('free memory is what the kernel would hand out', () => {
  const meminfo = 'MemTotal: 24684092 kB\nMemFree:  11848052 kB\nMemAvailable:   21074656 kB\n';
  expect(availableMemory(meminfo)).toBe(21074656 * 1024);
  expect(availableMemory('MemFree: 1 kB')).toBeUndefined();
  expect(availableMemory(undefined)).toBeUndefined();
});

test('a control group leaves its limit less what is in use, page cache not counted', () => {
  expect(cgroupRoom('8000\n', '5000\n', 'anon 1000\ninactive_file 3000\n')).toBe(6000);
  expect(cgroupRoom('8000', '9000', '')).toBe(0);
  expect(cgroupRoom('8000', '5000', 'total_inactive_file 500')).toBe(3500);
});

test.each([
  ['max', '5000'],
  [undefined, '5000'],
  ['9223372036854771712', '5000'],
])('a limit of %s limits nothing', (limit, used) => {
  expect(cgroupRoom(limit, used, undefined)).toBe(Number.POSITIVE_INFINITY);
});

const list = '0, GPU-aaaa-1, 140000\n1, GPU-bbbb-2, 20000\n';

test('all GPUs are seen where nothing hides them', () => {
  expect(visibleGpus(list, undefined)).toEqual([
    { id: '0', freeMemory: 140000 * 2 ** 20 },
    { id: '1', freeMemory: 20000 * 2 ** 20 },
  ]);
  expect(visibleGpus('', undefined)).toEqual([]);
});

test.each([
  ['1', ['1']],
  ['1,0', ['1', '0']],
  ['GPU-bbbb', ['GPU-bbbb']],
  ['-1', []],
  ['', []],
])('CUDA_VISIBLE_DEVICES=%s is kept to', (visible, ids) => {
  expect(visibleGpus(list, visible).map(({ id }) => id)).toEqual(ids);
});

test('this machine has a core and some memory', () => {
  const { cores, freeMemory, gpus } = thisMachine('cpu');
  expect(cores).toBeGreaterThan(0);
  expect(freeMemory).toBeGreaterThan(0);
  expect(Number.isFinite(freeMemory)).toBe(true);
  expect(gpus).toEqual([]);
});
