import { expect, test } from '@jest/globals';
import { assertSendable, metricKey, metricValue, text } from './values.ts';

test('a name keeps what MLflow allows and writes the rest as code points', () => {
  expect(metricKey('test', 'recall', 'épreuve 日本')).toBe('test/recall/épreuve 日本');
  expect(metricKey('recall', 'C#')).toBe('recall/C.u23');
  expect(metricKey('recall', 'a/b')).toBe('recall/a.u2fb');
  expect(metricKey('recall', '😀')).toBe('recall/.u1f600');
  expect(metricKey('..', '')).toBe('_../_');
  expect(metricKey('x'.repeat(300))).toHaveLength(250);
});

test('numbers that JSON does not have go as the words that the server takes', () => {
  expect([0.1, Number.NaN, Infinity, -Infinity].map(metricValue)).toEqual([
    0.1,
    'NaN',
    'Infinity',
    '-Infinity',
  ]);
});

test('text is cut at code points, visibly, and has no half characters', () => {
  expect(text('abcdef', 4)).toBe('abc…');
  expect(text('😀😀', 2)).toBe('😀😀');
  expect(text('a\ud83d', 9)).toBe('a\ufffd');
});

test.each([
  [{ metrics: [{ value: Number.NaN }] }, 'body.metrics[0].value is NaN'],
  [{ step: 1.5 }, 'body.step is 1.5'],
  [{ timestamp: 2 ** 60 }, 'body.timestamp is'],
  [{ tags: [{ value: null }] }, 'body.tags[0].value is null'],
  [{ tags: [{ value: true }] }, 'body.tags[0].value is true'],
  [{ value: undefined }, 'body.value is undefined'],
  [{ key: '\ud83d' }, 'body.key has half a surrogate pair'],
])('what the server would drop silently is refused here: %j', (body, message) => {
  expect(() => assertSendable(body)).toThrow(message);
});

test('what the server understands passes', () => {
  expect(() =>
    assertSendable({ run_id: 'a', metrics: [{ key: 'k', value: 0.5, step: 3, timestamp: 1e12 }] }),
  ).not.toThrow();
});
