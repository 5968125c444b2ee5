/**
 * Dynamic loss scaling, so that small gradients survive float16: Keras's LossScaleOptimizer
 * (keras/src/optimizers/loss_scale_optimizer.py). Nothing is read back: whether a step counts is
 * decided by tensors, so that it can be recorded.
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { attribute, executeOne, type OpType } from '../engine/op.ts';

/** Gradients by the name of their variable. */
export type Gradients = Readonly<Record<string, Tensor>>;

export type LossScale = {
  /** Everything that changes from step to step, under stable names. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The loss to differentiate. */
  scaled(loss: Scalar): Scalar;
  /**
   * Calls `update` with the gradients of the unscaled loss. If one is not finite, `changed` (all
   * that the update writes) is as before and the scale is halved; after so many finite steps in a
   * row the scale is doubled.
   */
  apply(gradients: Gradients, changed: readonly Variable[], update: (g: Gradients) => void): void;
  dispose(): void;
};

/** Keras's defaults. */
const defaults = { initialScale: 2 ** 15, growthSteps: 2000 };

export function createLossScale(tf: Engine, { initialScale, growthSteps } = defaults): LossScale {
  const create = (value: () => Tensor): Variable => tf.tidy(() => tf.variable(value(), false));
  const scale = create(() => tf.scalar(initialScale));
  const counter = create(() => tf.scalar(0, 'int32'));
  const adapt = (finite: Tensor): void => {
    const full = tf.equal(counter, tf.scalar(growthSteps - 1, 'int32'));
    const grown = choose(tf, full, tf.mul(scale, 2), scale);
    scale.assign(choose(tf, finite, grown, tf.mul(scale, 0.5)));
    const goesOn = tf.logicalAnd(finite, tf.logicalNot(full));
    const next = tf.add(counter, tf.scalar(1, 'int32'));
    counter.assign(choose(tf, goesOn, next, tf.scalar(0, 'int32')));
  };
  return {
    variables: new Map([
      ['dynamic_scale', scale],
      ['step_counter', counter],
    ]),
    scaled: (loss) => tf.mul(loss, scale),
    apply: (gradients, changed, update) =>
      tf.tidy(() => {
        const finite = allFinite(tf, Object.values(gradients));
        const before = changed.map((variable) => tf.clone(variable));
        const unscaled = Object.entries(gradients).map(([name, gradient]) => {
          return [name, tf.div(gradient, scale)] as const;
        });
        update(Object.fromEntries(unscaled));
        changed.forEach((variable, i) => {
          const old = before[i];
          if (old) variable.assign(choose(tf, finite, variable, old));
        });
        adapt(finite);
      }),
    dispose: () => tf.dispose([scale, counter]),
  };
}

const allFinite = (tf: Engine, tensors: readonly Tensor[]): Tensor =>
  tensors
    .map((tensor) => tf.all(tf.isFinite(tensor)))
    .reduce<Tensor>((all, one) => tf.logicalAnd(all, one), tf.scalar(true, 'bool'));

/** One of two tensors, whole; `tf.where` would spread the condition to their size first. */
const choose = (tf: Engine, condition: Tensor, yes: Tensor, no: Tensor): Tensor => {
  // Variables and what is computed from them are float32 or int32.
  const type = attribute.type(tf, 'T', yes.dtype as OpType);
  return executeOne(tf, 'Select', [type], [condition, yes, no]);
};
