import { expect, test } from '@jest/globals';
import { loadEngine } from '../../../src/engine/load.ts';
import { type OptimizerConfig, optimizerSchema } from '../../../src/training/optimizers/index.ts';
import { createOptimizer } from '../../../src/training/optimizers/optimizer.ts';
import { largestDifference, readFixture, withDefaults } from './fixture.ts';

type Fixture = {
  shapes: number[][];
  initial: number[][];
  gradients: number[][][];
  learning_rates: number[];
  cases: { type: string; options: Record<string, unknown>; weights: number[][] }[];
  defaults: Record<string, Record<string, unknown>>;
};

const tf = await loadEngine({ device: 'cpu' });
const fixture = readFixture<Fixture>('optimizers.json');

test.each(fixture.cases.map((one) => [one.type, JSON.stringify(one.options), one] as const))(
  "%s %s has Keras's weights after 20 steps with a change of learning rate",
  (type, _name, { options, weights: expected }) => {
    const config = withDefaults<OptimizerConfig>(optimizerSchema, { type, ...options });
    const weights = fixture.initial.map((values, i) => ({
      name: `weight ${i}`,
      variable: tf.variable(tf.tensor(values, fixture.shapes[i])),
    }));
    const optimizer = createOptimizer(tf, config, weights);
    fixture.gradients.forEach((gradients, step) => {
      const named = gradients.map(
        (values, i) =>
          [weights[i]?.variable.name ?? '', tf.tensor(values, fixture.shapes[i])] as const,
      );
      optimizer.apply(tf.scalar(fixture.learning_rates[step] ?? 0), Object.fromEntries(named));
    });
    // Relative, for weights near 0 to a weight of 0.1: they are differences of larger numbers.
    weights.forEach(({ variable }, i) => {
      expect(largestDifference(variable.dataSync(), expected[i] ?? [], 0.1)).toBeLessThan(1e-5);
    });
  },
);

test("defaults are Keras's", () => {
  for (const [type, keras] of Object.entries(fixture.defaults)) {
    const ours = withDefaults<Record<string, unknown>>(optimizerSchema, { type });
    for (const [option, value] of Object.entries(ours)) {
      if (option === 'type') continue;
      expect([type, option, Number(value)]).toEqual([
        type,
        option,
        expect.closeTo(Number(keras[option]), 8),
      ]);
    }
  }
});
