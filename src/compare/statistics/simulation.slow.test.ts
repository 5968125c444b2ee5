/**
 * Does the verdict hold what it promises for predictions of real k-fold cross-validation? 1,000
 * comparisons of two models over 10 folds of 3,589 images (FER-2013). In each fold a model learns
 * its rule from the other nine, so that folds share training data as k-fold's do; then luck, such as
 * that of its initial weights, moves its accuracy (an effect per model and fold, sd 0.02).
 */
import { expect, test } from '@jest/globals';
import { correctedTTest } from './corrected-t-test.ts';

// Looking up a global costs ten times as much inside Jest as what is done with it here.
const { cos, floor, log, PI, sin, sqrt } = Math;

const comparisons = 1000;
const folds = 10;
const images = 3589;
const luck = 0.02;
const sizes = Array.from({ length: folds }, () => ({ test: images, train: (folds - 1) * images }));

/** Distance of a class's mean from 0 at which the best rule has this accuracy: Φ⁻¹(accuracy). */
const distances = { 0.6: 0.2533471031357997, 0.65: 0.38532046640756773 };
type Accuracy = keyof typeof distances;

type Random = { uniform(): number; normal(): number };

/** xorshift32 and Box-Muller, seeded. */
function generator(seed: number): Random {
  let state = seed;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
  let spare: number | undefined;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = sqrt(-2 * log(uniform()));
    const angle = 2 * PI * uniform();
    spare = radius * sin(angle);
    return radius * cos(angle);
  };
  return { uniform, normal };
}

/** What a model sees of each image: one value, higher for class 1 (odd indices) than for class 0. */
function seenBy(accuracy: Accuracy, { normal }: Random): Float64Array {
  const distance = distances[accuracy];
  return Float64Array.from({ length: folds * images }, (_, image) =>
    image % 2 === 1 ? distance + normal() : normal() - distance,
  );
}

/** Halfway between the means of the two classes in all folds but one: what is learned there. */
function thresholds(values: Float64Array): number[] {
  const cells = Array.from({ length: folds * 2 }, () => ({ sum: 0, count: 0 }));
  values.forEach((value, image) => {
    const cell = cells[floor(image / images) * 2 + (image % 2)];
    if (!cell) throw new Error(`no cell for image ${image}`);
    cell.sum += value;
    cell.count += 1;
  });
  const mean = (without: number, label: number) => {
    const learned = cells.filter((_, i) => floor(i / 2) !== without && i % 2 === label);
    const total = (of: 'sum' | 'count') => learned.reduce((all, cell) => all + cell[of], 0);
    return total('sum') / total('count');
  };
  return Array.from({ length: folds }, (_, fold) => (mean(fold, 0) + mean(fold, 1)) / 2);
}

/** Accuracy of a model's predictions in each fold. */
function accuracies(accuracy: Accuracy, random: Random): number[] {
  const values = seenBy(accuracy, random);
  return thresholds(values).map((threshold, fold) => {
    const effect = luck * random.normal();
    let right = 0;
    for (let image = fold * images; image < (fold + 1) * images; image++) {
      const isRight = (values[image] as number) > threshold === (image % 2 === 1);
      const turns = isRight ? -effect / accuracy : effect / (1 - accuracy);
      if (random.uniform() < turns ? !isRight : isRight) right += 1;
    }
    return right / images;
  });
}

/** Shares of comparisons in which the second model is called better and worse. */
function verdicts(first: Accuracy, second: Accuracy, seed: number) {
  const random = generator(seed);
  let [better, worse] = [0, 0];
  for (let i = 0; i < comparisons; i++) {
    const result = correctedTTest(accuracies(first, random), accuracies(second, random), sizes);
    if (result.p <= 0.05 && result.difference > 0) better += 1;
    if (result.p <= 0.05 && result.difference < 0) worse += 1;
  }
  return { better: better / comparisons, worse: worse / comparisons };
}

test('two equal models are called different in at most 3 % of comparisons', () => {
  const { better, worse } = verdicts(0.6, 0.6, 1);
  expect(better + worse).toBeLessThanOrEqual(0.03);
});

test('a model truly 5 points better is called better in at least 90 %', () => {
  const { better, worse } = verdicts(0.6, 0.65, 2);
  expect(better).toBeGreaterThanOrEqual(0.9);
  expect(worse).toBe(0);
});
