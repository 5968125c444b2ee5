import { expect, test } from '@jest/globals';
import { intervalCell, reachesBeyond } from './interval.ts';

test('an interval is cut where the metric ends, and its cell tells the whole of it', () => {
  expect(intervalCell('accuracy', [0.97, 1.012])).toEqual({
    text: '0.9700 … 1.0000',
    value: null,
    mark: null,
    title: 'computed: 0.9700 … 1.0120, cut to what accuracy can be',
  });
  expect(intervalCell('mcc', [-0.2, 0.1]).text).toBe('-0.2000 … 0.1000');
  expect(intervalCell('log_loss', [-0.5, 3]).text).toBe('0.0000 … 3.0000');
  expect(intervalCell('recall[fear]', null).text).toBe('—');
});

test('an interval within the range is left alone', () => {
  expect(reachesBeyond('accuracy', [0, 1])).toBe(false);
  expect(intervalCell('accuracy', [0, 1]).title).toBeNull();
});
