import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { correctedTTest } from '../../../src/compare/statistics/corrected-t-test.ts';
import { friedman, nemenyi } from '../../../src/compare/statistics/friedman.ts';
import { holm } from '../../../src/compare/statistics/holm.ts';
import { signTest } from '../../../src/compare/statistics/mcnemar.ts';
import { studentQuantile, studentTwoSided } from '../../../src/metrics/statistics/student-t.ts';
import { summarizeFolds } from '../../../src/metrics/statistics/summarize-folds.ts';
import { varianceComponents } from '../../../src/metrics/statistics/variance-components.ts';
import { wilsonInterval } from '../../../src/metrics/statistics/wilson.ts';

type Sizes = { test: number[]; train: number[] };
type Fixture = {
  student_quantile: [number, number, number][];
  student_two_sided: [number, number, number][];
  wilson: [number, number, number, number][];
  mcnemar: [number, number, number][];
  intervals: (Sizes & { values: number[]; mean: number; sd: number; ci95: [number, number] })[];
  paired: (Sizes & {
    first: number[];
    second: number[];
    t: number;
    p: number;
    ci95: [number, number];
    effect_size: number;
    smallest_detectable: number;
  })[];
  friedman: {
    values: number[][];
    chi_square: number;
    p: number;
    mean_ranks: number[];
    nemenyi: number[][];
    critical_difference: number;
  }[];
  holm: { p: number[]; adjusted: number[] }[];
  variance_components: { values: number[][]; seed: number; fold: number };
};

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixture.json'), 'utf8'),
) as Fixture;

/** Equal to 1e-10, relative where the value is above 1. */
function expectEqual(mine: number | null | undefined, reference: number): void {
  expect(typeof mine).toBe('number');
  const error = Math.abs((mine as number) - reference) / Math.max(1, Math.abs(reference));
  expect(error).toBeLessThanOrEqual(1e-10);
}

const sizesOf = ({ test: tested, train }: Sizes) =>
  tested.map((n, fold) => ({ test: n, train: train[fold] as number }));

test.each(fixture.student_quantile)('Student’s quantile %f with %i df', (p, df, t) => {
  expectEqual(studentQuantile(p, df), t);
});

test.each(fixture.student_two_sided)('Student’s p-value of %f with %i df', (t, df, p) => {
  expectEqual(studentTwoSided(t, df), p);
  expect(studentTwoSided(t, df) / p).toBeCloseTo(1, 10); // small ones too
});

test.each(fixture.intervals)('mean, sd and corrected interval over folds of %#', (c) => {
  const summary = summarizeFolds(c.values, sizesOf(c), null);
  expectEqual(summary.mean, c.mean);
  expectEqual(summary.sd, c.sd);
  expectEqual(summary.ci95?.[0], c.ci95[0]);
  expectEqual(summary.ci95?.[1], c.ci95[1]);
});

test.each(fixture.wilson)('Wilson’s interval of %i in %i', (hits, n, low, high) => {
  const interval = wilsonInterval(hits, n);
  expectEqual(interval?.[0], low);
  expectEqual(interval?.[1], high);
});

test.each(fixture.paired)('the corrected resampled t-test of case %#', (c) => {
  const result = correctedTTest(c.first, c.second, sizesOf(c));
  expectEqual(result.t, c.t);
  expectEqual(result.p, c.p);
  expectEqual(result.ci95[0], c.ci95[0]);
  expectEqual(result.ci95[1], c.ci95[1]);
  expectEqual(result.effectSize, c.effect_size);
  expectEqual(result.smallestDetectable, c.smallest_detectable);
});

test.each(fixture.mcnemar)('McNemar’s exact test of %i against %i', (a, b, p) => {
  expectEqual(signTest(a, b), p);
  expect(signTest(a, b) / p).toBeCloseTo(1, 9);
});

test.each(fixture.friedman)('Friedman and Nemenyi of case %#', (c) => {
  const result = friedman(c.values, 'max');
  expectEqual(result.chiSquare, c.chi_square);
  expectEqual(result.p, c.p);
  c.mean_ranks.forEach((rank, i) => {
    expectEqual(result.meanRanks[i], rank);
  });
  const pairs = nemenyi(result.meanRanks, c.values.length);
  expectEqual(pairs.criticalDifference, c.critical_difference);
  c.nemenyi.forEach((row, i) => {
    row.forEach((p, j) => {
      expectEqual(pairs.p[i]?.[j], p);
    });
  });
});

test.each(fixture.holm)('Holm’s adjustment of case %#', ({ p, adjusted }) => {
  holm(p).forEach((value, i) => {
    expectEqual(value, adjusted[i] as number);
  });
});

test('variance of folds and of seeds apart', () => {
  const { values, seed, fold } = fixture.variance_components;
  const components = varianceComponents(values);
  expectEqual(components?.seed, seed);
  expectEqual(components?.fold, fold);
});
