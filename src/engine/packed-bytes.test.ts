import { expect, test } from '@jest/globals';
import { loadEngine } from './load.ts';
import { packBytes, unpackBytes } from './packed-bytes.ts';
import { traceFunction } from './trace.ts';

const tf = await loadEngine({ device: 'cpu' });

test.each([1, 3, 4, 9])('rows of %i bytes come back as numbers', (length) => {
  const bytes = Uint8Array.from({ length: 3 * length }, (_, i) => 255 - i);
  const values = unpackBytes(tf, packBytes(tf, bytes, 3), length);
  expect(values.dtype).toBe('float32');
  expect(values.shape).toEqual([3, length]);
  expect([...values.dataSync()]).toEqual([...bytes]);
});

test('an array that starts within a word is read from its own start', () => {
  const bytes = Uint8Array.from({ length: 9 }, (_, i) => i).subarray(1);
  expect([...unpackBytes(tf, packBytes(tf, bytes, 2), 4).dataSync()]).toEqual([...bytes]);
});

test('a recorded graph takes the bytes apart as well', () => {
  const bytes = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
  const traced = traceFunction(tf, ([packed]) => (packed ? [unpackBytes(tf, packed, 6)] : []), [
    packBytes(tf, new Uint8Array(12), 2),
  ]);
  const [values] = traced.run([packBytes(tf, bytes, 2)]);
  expect([...(values?.dataSync() ?? [])]).toEqual([...bytes]);
  traced.dispose();
});
