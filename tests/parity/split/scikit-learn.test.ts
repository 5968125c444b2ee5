import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ExperimentError } from '../../../src/errors.ts';
import { drawGroups } from '../../../src/split/random/draw.ts';
import { randomState } from '../../../src/split/random/mt19937.ts';
import type { SplitConfig } from '../../../src/split/schema.ts';
import { splitFolds } from '../../../src/split/split.ts';
import type { Division } from '../../../src/split/strategies/define.ts';
import { strategies } from '../../../src/split/strategies/index.ts';

const fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'fixture.json'), 'utf8')) as {
  hashes: Record<string, (string | null)[]>;
};

/** The generator and the cases of make_fixture.py. */
function caseOf(number: number) {
  let state = number;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
  const classes = 2 + (draw() % 11);
  const folds = 2 + (draw() % 9);
  const count = classes * folds + (draw() % 400);
  const groupCount = folds + 2 + (draw() % 40);
  const seed = number < 12 ? ([0, 1, 42, 4294967295][number % 4] as number) : draw();
  const fraction = [0.1, 0.2, 0.25, 0.33, 0.5][draw() % 5] as number;
  const skewed = (n: number) => Math.min(draw() % n, draw() % n);
  const labels = Int32Array.from({ length: count }, (_, i) =>
    i < classes * folds ? i % classes : skewed(classes),
  );
  const groups = Int32Array.from({ length: count }, (_, i) =>
    i < groupCount ? i % groupCount : skewed(groupCount),
  );
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  return { folds, seed, fraction, samples: { labels, classes: names, groups } };
}

const hashOf = (divisions: readonly Division[]) =>
  createHash('sha256')
    .update(divisions.map(({ train, test }) => `${train.join(',')}|${test.join(',')}`).join('\n'))
    .digest('hex')
    .slice(0, 16);

type Case = ReturnType<typeof caseOf>;
const { k_fold, stratified_k_fold, group_k_fold, stratified_group_k_fold } = strategies;
const random = ({ seed }: Case) => randomState(seed);

const answers: Record<string, (c: Case) => readonly Division[]> = {
  k_fold: (c) =>
    k_fold.split({ type: 'k_fold', folds: c.folds, shuffle: true }, c.samples, random(c)),
  k_fold_in_order: (c) =>
    k_fold.split({ type: 'k_fold', folds: c.folds, shuffle: false }, c.samples, random(c)),
  stratified_k_fold: (c) =>
    stratified_k_fold.split(
      { type: 'stratified_k_fold', folds: c.folds, shuffle: true },
      c.samples,
      random(c),
    ),
  stratified_k_fold_in_order: (c) =>
    stratified_k_fold.split(
      { type: 'stratified_k_fold', folds: c.folds, shuffle: false },
      c.samples,
      random(c),
    ),
  group_k_fold: (c) =>
    group_k_fold.split(
      { type: 'group_k_fold', folds: c.folds, shuffle: false },
      c.samples,
      random(c),
    ),
  group_k_fold_shuffled: (c) =>
    group_k_fold.split(
      { type: 'group_k_fold', folds: c.folds, shuffle: true },
      c.samples,
      random(c),
    ),
  stratified_group_k_fold: (c) =>
    stratified_group_k_fold.split(
      { type: 'stratified_group_k_fold', folds: c.folds, shuffle: true },
      c.samples,
      random(c),
    ),
  stratified_group_k_fold_in_order: (c) =>
    stratified_group_k_fold.split(
      { type: 'stratified_group_k_fold', folds: c.folds, shuffle: false },
      c.samples,
      random(c),
    ),
  repeated_k_fold: (c) =>
    strategies.repeated_k_fold.split(
      { type: 'repeated_k_fold', folds: c.folds, repeats: 3 },
      c.samples,
      random(c),
    ),
  repeated_stratified_k_fold: (c) =>
    strategies.repeated_stratified_k_fold.split(
      { type: 'repeated_stratified_k_fold', folds: c.folds, repeats: 3 },
      c.samples,
      random(c),
    ),
  leave_one_group_out: (c) =>
    strategies.leave_one_group_out.split({ type: 'leave_one_group_out' }, c.samples, random(c)),
  shuffle_split: (c) =>
    strategies.shuffle_split.split(
      { type: 'shuffle_split', splits: 4, fraction: c.fraction },
      c.samples,
      random(c),
    ),
  stratified_shuffle_split: (c) =>
    strategies.stratified_shuffle_split.split(
      { type: 'stratified_shuffle_split', splits: 4, fraction: c.fraction },
      c.samples,
      random(c),
    ),
  group_shuffle_split: (c) => {
    const { rest, drawn } = drawGroups(c.samples.groups, c.fraction, random(c), 'part');
    return [{ train: rest, test: drawn }];
  },
  holdout: (c) =>
    strategies.holdout.split(
      { type: 'holdout', fraction: c.fraction, stratified: false },
      c.samples,
      random(c),
    ),
  holdout_stratified: (c) =>
    strategies.holdout.split(
      { type: 'holdout', fraction: c.fraction, stratified: true },
      c.samples,
      random(c),
    ),
};

/** Train and validation parts of every fold, as `splitFolds` makes them. */
const validated = (strategy: SplitConfig['strategy'], c: Case, isStratified: boolean) =>
  splitFolds(
    { strategy, validation: { fraction: 0.2, stratified: isStratified } },
    { ...c.samples, clusters: [] },
    c.seed,
  ).map(({ train, validation }) => ({ train, test: validation }));

answers.validation_stratified = (c) =>
  validated({ type: 'stratified_k_fold', folds: c.folds, shuffle: true }, c, true);
answers.validation_unstratified = (c) =>
  validated({ type: 'shuffle_split', splits: 2, fraction: 0.25 }, c, false);
answers.validation_grouped = (c) =>
  validated({ type: 'group_k_fold', folds: c.folds, shuffle: false }, c, true);

test.each(Object.entries(fixture.hashes))('%s gives scikit-learn’s indices', (name, hashes) => {
  const answer = answers[name];
  if (!answer) throw new Error(`no strategy for ${name}`);
  const mine = hashes.map((_, number) => {
    try {
      return hashOf(answer(caseOf(number)));
    } catch (error) {
      if (error instanceof ExperimentError) return null; // where scikit-learn refuses, too
      throw error;
    }
  });
  expect(mine).toEqual(hashes);
});

test('few cases are refused on both sides', () => {
  for (const hashes of Object.values(fixture.hashes))
    expect(hashes.filter((hash) => hash === null).length).toBeLessThan(60);
});

test('the fixture has 300 cases of 19 ways to split', () => {
  expect(Object.keys(fixture.hashes)).toHaveLength(19);
  expect(Object.values(fixture.hashes).map((list) => list.length)).toEqual(Array(19).fill(300));
});
