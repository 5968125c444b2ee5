import { expect, test } from '@jest/globals';
import { ExpressionError, evaluate } from './expression.ts';

const values = new Map<string, unknown>([
  ['filters', 32],
  ['classes', 7],
  ['act', 'relu'],
  ['none', null],
]);

test.each([
  ['filters', 32],
  ['act', 'relu'],
  ['none', null],
  ['filters * 4', 128],
  ['filters*4', 128],
  ['2 + 3 * filters', 98],
  ['(2 + 3) * filters', 160],
  ['filters // 5', 6],
  ['filters / 5', 6.4],
  ['-filters + classes', -25],
  ['filters - 2 - 3', 27],
  ['filters // 4 // 2', 4],
  ['1e2 * classes', 700],
])('%s is %p', (text, value) => {
  expect(evaluate(text, values)).toBe(value);
});

test.each(['relu', 'same', 'he_normal', 'a-b', 'some text', '', '2/x?', '0.5'])(
  '"%s" is plain text',
  (text) => {
    expect(evaluate(text, values)).toBeUndefined();
  },
);

test.each([
  ['filtrs * 4', '"filtrs" in "filtrs * 4" is no parameter of this block'],
  ['filters *', '"filters *" is no arithmetic: it ends too early'],
  ['(filters + 1', '"(filters + 1" is no arithmetic: it ends too early'],
  ['filters * ) 2', '"filters * ) 2" is no arithmetic: ")" is out of place'],
  ['act * 2', '"act" in "act * 2" is no number'],
  ['filters / 0', '"filters / 0" is not a finite number'],
])('%s says what is wrong', (text, message) => {
  expect(() => evaluate(text, values)).toThrow(new ExpressionError(message));
});
