/** Every optimizer update of the engine, with the state that it needs. */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../../src/engine/engine.ts';
import * as updates from '../../../src/engine/kernels/optimizer-updates.ts';

export type OptimizerName =
  | 'sgd'
  | 'momentum'
  | 'nesterov'
  | 'adam'
  | 'adamax'
  | 'adadelta'
  | 'adagrad'
  | 'rmsprop'
  | 'rmsprop_momentum'
  | 'rmsprop_centered';

export type SmallOptimizer = {
  readonly learningRate: Variable;
  apply(gradients: readonly (Tensor | undefined)[]): void;
};

type Update = (gradient: Tensor | undefined) => void;

export function smallOptimizer(
  tf: Engine,
  name: OptimizerName,
  variables: readonly Variable[],
): SmallOptimizer {
  const number = (value: number): Variable => tf.tidy(() => tf.variable(tf.scalar(value), false));
  const slots = (value = 0) =>
    variables.map(({ shape }) => tf.tidy(() => tf.variable(tf.fill(shape, value), false)));
  // Small enough that no loss comes near 0, where rounding is large beside a gradient.
  const learningRate = number(name === 'adadelta' ? 1 : name.startsWith('rmsprop') ? 3e-4 : 3e-3);
  const powers = { beta1Power: number(0.9), beta2Power: number(0.999) };
  const [first, second, third] = [slots(name === 'adagrad' ? 0.1 : 0), slots(), slots()];

  const updateOf = (variable: Variable, i: number): Update => {
    const at = (list: Variable[]): Variable => list[i] as Variable; // one slot a variable
    const common = { variable, learningRate };
    const [m, v] = [at(first), at(second)];
    const adam = { ...common, m, ...powers, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    const momentum = { ...common, velocity: m, momentum: 0.9 };
    const rmsprop = { ...momentum, rho: 0.9, epsilon: 1e-7 };
    const centered = { ...rmsprop, momentumSlot: v, averageGradient: at(third) };
    const adadelta = { ...common, accumulatedGradient: m, accumulatedStep: v };
    const byName: Record<OptimizerName, Update> = {
      sgd: (g) => updates.applyGradientDescent(tf, common, g),
      momentum: (g) => updates.applyMomentum(tf, { ...momentum, nesterov: false }, g),
      nesterov: (g) => updates.applyMomentum(tf, { ...momentum, nesterov: true }, g),
      adam: (g) => updates.applyAdam(tf, { ...adam, v }, g),
      adamax: (g) => updates.applyAdamax(tf, { ...adam, u: v }, g),
      adadelta: (g) => updates.applyAdadelta(tf, { ...adadelta, rho: 0.95, epsilon: 1e-7 }, g),
      adagrad: (g) => updates.applyAdagrad(tf, { ...common, accumulator: m, epsilon: 1e-7 }, g),
      rmsprop: (g) => updates.applyRmsprop(tf, rmsprop, g),
      rmsprop_momentum: (g) => updates.applyRmsprop(tf, { ...rmsprop, momentumSlot: v }, g),
      rmsprop_centered: (g) => updates.applyRmsprop(tf, centered, g),
    };
    return byName[name];
  };
  const update = variables.map(updateOf);

  return {
    learningRate,
    apply: (gradients) =>
      tf.tidy(() => {
        update.forEach((each, i) => {
          each(gradients[i]);
        });
        powers.beta1Power.assign(tf.mul(powers.beta1Power, 0.9));
        powers.beta2Power.assign(tf.mul(powers.beta2Power, 0.999));
      }),
  };
}
