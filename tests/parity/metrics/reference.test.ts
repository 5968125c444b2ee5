import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { confusionMatrix, evaluate, perClass } from '../../../src/metrics/evaluate.ts';
import type { Predictions } from '../../../src/metrics/predictions.ts';

type Case = {
  classes: number;
  labels: number[];
  counts: number[];
  confusion: number[][];
  support: number[];
  values: Record<string, number | null>;
};

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'fixture.json'), 'utf8')) as {
  cases: Case[];
};

const predictionsOf = ({ classes, labels, counts }: Case): Predictions => ({
  indices: Uint32Array.from(labels, (_, i) => i),
  labels: Int32Array.from(labels),
  probabilities: Float64Array.from(counts, (n) => n / 1024),
  classes: Array.from({ length: classes }, (_, c) => `c${c}`),
  loss: null,
});

/** DESIGN: 1e-12, and 1e-10 where many terms are added up; Keras itself computes in float32. */
const tolerance = (name: string) => {
  if (name.startsWith('binary_')) return 1e-6;
  return ['auc', 'average_precision', 'log_loss', 'ece'].includes(name) ? 1e-10 : 1e-12;
};

describe.each(cases.map((c, seed) => [seed, c] as const))('predictions of seed %i', (_, c) => {
  const predictions = predictionsOf(c);
  const names = Object.keys(c.values).filter((name) => c.values[name] !== null || name === 'auc');
  const { metrics, reasons } = evaluate(predictions, names);

  test.each(names)('%s is the reference’s', (name) => {
    const expected = c.values[name] as number | null;
    const mine = metrics[name] as number | null;
    if (mine === null) {
      // Where scikit-learn warns and takes 0 for a class without samples, we say why there is none.
      expect(reasons[name]).toMatch(/no samples/);
      expect([null, 0]).toContain(expected);
      return;
    }
    expect(expected).not.toBeNull();
    expect(Math.abs(mine - (expected as number))).toBeLessThanOrEqual(tolerance(name));
  });

  test('the counts behind them are scikit-learn’s', () => {
    expect(confusionMatrix(predictions)).toEqual(c.confusion);
    expect(perClass(predictions).map(({ support }) => support)).toEqual(c.support);
  });
});

test('most values of the fixture are compared, not null', () => {
  const all = cases.flatMap((c) =>
    Object.values(
      evaluate(
        predictionsOf(c),
        Object.keys(c.values).filter((n) => !/top_/.test(n)),
      ).metrics,
    ),
  );
  expect(all.length).toBeGreaterThan(600);
  expect(all.filter((value) => value === null).length).toBeLessThan(20);
});
