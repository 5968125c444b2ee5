import { expect, test } from '@jest/globals';
import { didYouMean, editDistance, nearest } from './suggest.ts';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['ab', 'ba', 1],
  ['adma', 'adam', 1],
  // Optimal string alignment edits no letter twice; full Damerau–Levenshtein would say 2.
  ['ca', 'abc', 3],
])('%s and %s are %d edits apart', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

const words = ['learning_rate', 'epochs', 'adam', 'adamw', 'resnet50_v2', 'dense'];

test.each([
  ['learningRate', 'learning_rate'],
  ['Learning-Rate', 'learning_rate'],
  ['resnet50v2', 'resnet50_v2'],
  ['lr', 'learning_rate'],
  ['nb_epoch', 'epochs'],
  ['epocs', 'epochs'],
  ['adma', 'adam'],
  ['Linear', 'dense'],
])('%s means %s', (word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});

test('nothing is suggested for a word that is like none', () => {
  expect(nearest('convolution', words)).toBeUndefined();
  // Two edits of three letters are most of the word.
  expect(nearest('abc', ['xbz'])).toBeUndefined();
  expect(didYouMean('qqq', words)).toBeUndefined();
  expect(didYouMean('adm', words)).toBe('did you mean "adam"?');
});
