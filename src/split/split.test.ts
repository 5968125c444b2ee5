import { describe, expect, test } from '@jest/globals';
import { clustersKeptTogether } from './clusters.ts';
import type { Fold } from './fold.ts';
import type { SplitConfig } from './schema.ts';
import {
  deviationBound,
  expectedFolds,
  keepsGroups,
  largestDeviation,
  type SplitInput,
  splitFolds,
} from './split.ts';

const names = ['angry', 'happy', 'sad'];
const validation = { fraction: 0.1, stratified: true };
const config = (strategy: SplitConfig['strategy']): SplitConfig => ({ strategy, validation });
const stratified = (folds: number) => config({ type: 'stratified_k_fold', folds, shuffle: true });

/** Small deterministic draws for the inputs of tests. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % below;
  };
}

function inputOf(seed: number, samples: number, share: number): SplitInput {
  const draw = numbers(seed);
  const labels = Int32Array.from({ length: samples }, (_, i) => (i < 60 ? i % 3 : draw(3)));
  const groups = Int32Array.from({ length: samples }, (_, i) => (i < 36 ? i % 12 : draw(12)));
  // Runs of two to four samples with the label and group of the first, on a share (percent) of the data.
  const clusters: number[][] = [];
  for (let i = 60; i + 4 < samples; i += 4) {
    if (draw(100) >= share) continue;
    const cluster = Array.from({ length: 2 + draw(3) }, (_, j) => i + j);
    for (const member of cluster) {
      labels[member] = labels[i] as number;
      groups[member] = groups[i] as number;
    }
    clusters.push(cluster);
  }
  return { labels, classes: names, groups, clusters };
}

const sorted = (...parts: Uint32Array[]) => parts.flatMap((p) => [...p]).sort((a, b) => a - b);
const everyIndex = (n: number) => Array.from({ length: n }, (_, i) => i);

const strategies: SplitConfig['strategy'][] = [
  { type: 'k_fold', folds: 5, shuffle: true },
  { type: 'stratified_k_fold', folds: 5, shuffle: true },
  { type: 'group_k_fold', folds: 4, shuffle: false },
  { type: 'stratified_group_k_fold', folds: 4, shuffle: true },
  { type: 'repeated_stratified_k_fold', folds: 3, repeats: 2 },
  { type: 'repeated_k_fold', folds: 3, repeats: 2 },
  { type: 'leave_one_group_out' },
  { type: 'holdout', fraction: 0.2, stratified: true },
  { type: 'shuffle_split', splits: 3, fraction: 0.25 },
  { type: 'stratified_shuffle_split', splits: 3, fraction: 0.25 },
];

describe.each(strategies)('$type', (strategy) => {
  const cases = everyIndex(10).map((seed) => inputOf(seed, 300 + seed * 7, 60));
  const splits = cases.map((input, seed) => splitFolds(config(strategy), input, seed));

  test('gives every sample one role in each fold', () => {
    splits.forEach((folds, i) => {
      for (const { train, validation: selection, test: tested } of folds)
        expect(sorted(train, selection, tested)).toEqual(
          everyIndex((cases[i] as SplitInput).labels.length),
        );
    });
  });

  test('leaves nothing empty and numbers the folds', () => {
    for (const folds of splits) {
      expect(folds.map(({ fold }) => fold)).toEqual(everyIndex(folds.length));
      for (const fold of folds)
        expect(
          Math.min(fold.train.length, fold.validation.length, fold.test.length),
        ).toBeGreaterThan(0);
    }
  });

  test('keeps identical pictures in one role', () => {
    splits.forEach((folds, i) => {
      for (const fold of folds)
        for (const cluster of (cases[i] as SplitInput).clusters)
          expect(rolesOf(fold, cluster).size).toBe(1);
    });
  });

  test('is the same for the same seed and another for another', () => {
    const again = splitFolds(config(strategy), cases[0] as SplitInput, 0);
    expect(again).toEqual(splits[0]);
    const other = splitFolds(config(strategy), cases[0] as SplitInput, 99);
    expect(other).not.toEqual(splits[0]);
  });
});

function rolesOf(fold: Fold, indices: readonly number[]): Set<string> {
  return new Set(
    indices.flatMap((i) =>
      (['train', 'validation', 'test'] as const).filter((role) => fold[role].includes(i)),
    ),
  );
}

test.each(strategies.filter(({ type }) => /k_fold|leave/.test(type)))(
  'test parts of $type hold every sample once in each repeat',
  (strategy) => {
    const folds = splitFolds(config(strategy), inputOf(3, 320, 40), 7);
    for (const repeat of new Set(folds.map((fold) => fold.repeat)))
      expect(
        sorted(...folds.filter((fold) => fold.repeat === repeat).map((fold) => fold.test)),
      ).toEqual(everyIndex(320));
  },
);

test.each(strategies.filter(({ type }) => /group/.test(type)))(
  '$type keeps a group in one role, and groups that share a picture together',
  (strategy) => {
    const input = inputOf(5, 400, 50);
    const folds = splitFolds(config(strategy), { ...input, clusters: [] }, 1);
    const groups = input.groups as Int32Array;
    for (const fold of folds)
      for (const group of new Set(groups))
        expect(
          rolesOf(
            fold,
            everyIndex(400).filter((i) => groups[i] === group),
          ).size,
        ).toBe(1);

    const [a, b] = [0, 1].map((group) => groups.indexOf(group)) as [number, number];
    const tied = splitFolds(config(strategy), { ...input, clusters: [[a, b]] }, 1);
    for (const fold of tied)
      expect(
        rolesOf(
          fold,
          everyIndex(400).filter((i) => (groups[i] as number) < 2),
        ).size,
      ).toBe(1);
  },
);

test('class counts of stratified folds are off by at most the largest cluster and one', () => {
  for (let seed = 0; seed < 100; seed++) {
    const input = inputOf(seed, 700, 95);
    const chosen = stratified(2 + (seed % 9));
    const folds = splitFolds(chosen, input, seed);
    const largest = Math.max(...input.clusters.map((cluster) => cluster.length));
    expect(deviationBound(chosen, 700, input.clusters)).toBe(largest + 1);
    expect(largestDeviation(folds, input.labels, 3)).toBeLessThanOrEqual(largest + 1);
  }
});

test('without clusters the validation part is train_test_split’s, with its order', () => {
  // from sklearn.model_selection import StratifiedKFold, train_test_split
  // y = np.arange(30) % 3; train, test = next(StratifiedKFold(3, shuffle=True, random_state=42).split(y, y))
  // train_test_split(train, test_size=0.2, stratify=y[train], random_state=42)
  const labels = Int32Array.from({ length: 30 }, (_, i) => i % 3);
  const [first] = splitFolds(
    {
      strategy: { type: 'stratified_k_fold', folds: 3, shuffle: true },
      validation: { fraction: 0.2, stratified: true },
    },
    { labels, classes: names, clusters: [] },
    42,
  );
  expect([...(first as Fold).validation]).toEqual([25, 18, 14, 19]);
  expect([...(first as Fold).train]).toEqual([
    7, 27, 13, 23, 10, 29, 2, 12, 0, 20, 17, 22, 11, 16, 6, 21,
  ]);
  expect([...(first as Fold).test]).toEqual([1, 3, 4, 5, 8, 9, 15, 24, 26, 28]);
});

test('random_state of the strategy goes before the experiment’s seed', () => {
  const input = inputOf(1, 200, 0);
  const given = { type: 'k_fold', folds: 4, shuffle: true, random_state: 5 } as const;
  const tests = (folds: readonly Fold[]) => folds.map((fold) => [...fold.test]);
  expect(tests(splitFolds(config(given), input, 9))).toEqual(
    tests(splitFolds(config({ type: 'k_fold', folds: 4, shuffle: true }), input, 5)),
  );
});

test('the number of folds is known before the data where it can be', () => {
  expect(strategies.map((strategy) => expectedFolds(config(strategy)))).toEqual([
    5,
    5,
    4,
    4,
    6,
    6,
    null,
    1,
    3,
    3,
  ]);
  expect(expectedFolds(config({ type: 'predefined' }))).toBe(1);
  expect(expectedFolds(config({ type: 'predefined', path: '/x/splits.json' }))).toBeNull();
  expect(keepsGroups(config({ type: 'leave_one_group_out' }))).toBe(true);
  expect(keepsGroups(stratified(5))).toBe(false);
});

describe('a predefined dataset', () => {
  const labels = Int32Array.from({ length: 90 }, (_, i) => i % 3);
  const parts = Uint8Array.from({ length: 90 }, (_, i) => (i < 60 ? 0 : i < 75 ? 1 : 2));

  test('is divided as it comes, identical pictures or not', () => {
    const input = { labels, classes: names, parts, clusters: [[0, 89]] };
    const folds = splitFolds(config({ type: 'predefined' }), input, 1);
    expect(
      folds.map(({ train, validation: v, test: t }) => [train, v, t].map((p) => [p[0], p.length])),
    ).toEqual([
      [
        [0, 60],
        [60, 15],
        [75, 15],
      ],
    ]);
  });

  test('without a validation part has one taken out of train, clusters whole', () => {
    const input = {
      labels,
      classes: names,
      parts: parts.map((part) => (part === 1 ? 0 : part)),
      clusters: [[0, 3, 6, 9, 12, 89]],
    };
    const [fold] = splitFolds(config({ type: 'predefined' }), input, 1) as [Fold];
    expect(fold.test).toHaveLength(15);
    expect(fold.validation.length + fold.train.length).toBe(75);
    expect(rolesOf(fold, [0, 3, 6, 9, 12]).size).toBe(1);
  });

  test('needs parts, and a train and a test part', () => {
    const split = (given?: Uint8Array) =>
      splitFolds(
        config({ type: 'predefined' }),
        { labels, classes: names, parts: given, clusters: [] },
        1,
      );
    expect(() => split()).toThrow(/comes in parts/);
    expect(() => split(new Uint8Array(90))).toThrow(
      '90 samples to train on, 0 for validation and 0 to test',
    );
  });
});

describe('what cannot be split is refused with the numbers:', () => {
  const labels = Int32Array.from([...Array(40).fill(0), ...Array(40).fill(1), 2, 2, 2]);
  const input: SplitInput = { labels, classes: names, clusters: [] };

  test('a class smaller than the folds', () => {
    expect(() => splitFolds(stratified(5), input, 1)).toThrow(
      /5 samples of every class.*"sad" has 3/,
    );
    try {
      splitFolds(stratified(5), input, 1);
    } catch (error) {
      expect(error).toMatchObject({ code: 'DATA_INVALID', hint: expect.stringContaining('is 3') });
    }
    expect(
      splitFolds({ ...stratified(3), validation: { fraction: 0.3, stratified: false } }, input, 2),
    ).toHaveLength(3);
  });

  test('identical pictures count once for it', () => {
    expect(() => splitFolds(stratified(3), { ...input, clusters: [[80, 81, 82]] }, 1)).toThrow(
      /"sad" has 1/,
    );
  });

  test('a group that holds a whole class', () => {
    const groups = labels.map((label, i) => (label === 2 ? 7 : i % 5));
    expect(() =>
      splitFolds(
        config({ type: 'leave_one_group_out' }),
        { ...input, groups, groupNames: [...'abcdefgh'] },
        1,
      ),
    ).toThrow('Group "h" holds all 3 samples of class "sad"');
  });

  test('groups that are missing or too few', () => {
    const strategy = { type: 'group_k_fold', folds: 4, shuffle: false } as const;
    expect(() => splitFolds(config(strategy), input, 1)).toThrow(/needs groups/);
    const groups = labels.map((_, i) => i % 3);
    expect(() => splitFolds(config(strategy), { ...input, groups }, 1)).toThrow(
      '4 folds need 4 groups; the data have 3',
    );
  });

  test('a validation part too small for its classes, or empty', () => {
    const tiny = { ...stratified(3), validation: { fraction: 0.02, stratified: true } };
    expect(() => splitFolds(tiny, input, 1)).toThrow(
      /validation part of fold 0 of 2 \(0.02 of 55\) cannot hold each of 3 classes/,
    );
    const groups = labels.map((_, i) => i % 2);
    expect(() =>
      splitFolds(config({ type: 'leave_one_group_out' }), { ...input, groups }, 1),
    ).toThrow(/whole groups are drawn, and there is only 1/);
  });

  test('a fold that has nothing of a class to train on', () => {
    const strategy = { type: 'k_fold', folds: 2, shuffle: false } as const;
    const inOrder = Int32Array.from({ length: 30 }, (_, i) => Math.floor(i / 10));
    expect(() =>
      splitFolds(
        { strategy, validation: { fraction: 0.2, stratified: false } },
        { labels: inOrder, classes: names, clusters: [] },
        1,
      ),
    ).toThrow(/Fold 0 has 12 training samples and none of: angry/);
  });

  test('more folds than samples', () => {
    const few = { labels: Int32Array.from([0, 1, 2]), classes: names, clusters: [] };
    expect(() => splitFolds(config({ type: 'k_fold', folds: 4, shuffle: true }), few, 1)).toThrow(
      '4 folds cannot be made of 3 samples',
    );
  });
});

test('what the dataset’s policies keep together', () => {
  const duplicates = { identical: [[0, 1]], near: [[2, 3]] };
  const clusters = (d: string, n: string) =>
    clustersKeptTogether(duplicates, { duplicates: d, near_duplicates: n });
  expect(clusters('group', 'report')).toEqual([[0, 1]]);
  expect(clusters('group', 'group')).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(clusters('keep', 'keep')).toEqual([]);
});
