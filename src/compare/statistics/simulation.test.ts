/**
 * Does the verdict hold what it promises? 1,000 comparisons of two models over 10 folds of 3,589
 * images each (FER-2013). Every model has an effect of its own in every fold (sd 0.02). Because
 * folds share training data, part of that effect may be common to a model's folds; Nadeau and Bengio
 * derive their correction for a correlation of n_test/(n_test + n_train), where the test then has
 * its nominal level of 5 %. Without that common part it is stricter.
 */
import { expect, test } from '@jest/globals';
import { mean, standardDeviation } from '../../metrics/statistics/mean.ts';
import { studentTwoSided } from '../../metrics/statistics/student-t.ts';
import { correctedTTest } from './corrected-t-test.ts';

const comparisons = 1000;
const folds = 10;
const images = 3589;
const trained = 29069;
const effect = 0.02;
const shared = images / (images + trained);
const sizes = Array.from({ length: folds }, () => ({ test: images, train: trained }));

/** Uniform in (0, 1): xorshift32, seeded. */
function generator(seed: number) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}

/**
 * Accuracy of a model in each fold: its images are right or wrong one by one, so that their number
 * is binomial; drawn by the normal distribution, which 3,589 images cannot be told from.
 */
function accuracies(truth: number, correlation: number, uniform: () => number): number[] {
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const common = Math.sqrt(correlation) * normal();
  return Array.from({ length: folds }, () => {
    const chance = truth + effect * (common + Math.sqrt(1 - correlation) * normal());
    const right = images * chance + Math.sqrt(images * chance * (1 - chance)) * normal();
    return Math.round(right) / images;
  });
}

/** Shares of comparisons in which the second model is called better, worse, or naively different. */
function verdicts(first: number, second: number, correlation: number, seed: number) {
  const draw = generator(seed);
  let [better, worse, naive] = [0, 0, 0];
  for (let i = 0; i < comparisons; i++) {
    const a = accuracies(first, correlation, draw);
    const b = accuracies(second, correlation, draw);
    const result = correctedTTest(a, b, sizes);
    if (result.p <= 0.05 && result.difference > 0) better += 1;
    if (result.p <= 0.05 && result.difference < 0) worse += 1;
    const differences = b.map((value, fold) => value - (a[fold] as number)); // as long
    const t = mean(differences) / (standardDeviation(differences) / Math.sqrt(folds));
    if (studentTwoSided(t, folds - 1) <= 0.05) naive += 1;
  }
  return { better: better / comparisons, worse: worse / comparisons, naive: naive / comparisons };
}

test('two equal models are called different in at most 3 % of comparisons', () => {
  const { better, worse } = verdicts(0.6, 0.6, 0, 1);
  expect(better + worse).toBeLessThanOrEqual(0.03);
});

test('with effects that the folds share it holds its 5 %, which the plain t-test does not', () => {
  const { better, worse, naive } = verdicts(0.6, 0.6, shared, 2);
  expect(better + worse).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / comparisons));
  expect(naive).toBeGreaterThan(0.1);
});

test('a model truly 5 points better is called better in at least 90 %', () => {
  const { better, worse } = verdicts(0.6, 0.65, 0, 3);
  expect(better).toBeGreaterThanOrEqual(0.9);
  expect(worse).toBe(0);
});
