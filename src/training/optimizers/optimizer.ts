/** An optimizer with its state: every number that changes is a variable that can be saved. */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { OptimizerDefinition } from './define.ts';
import { type OptimizerConfig, optimizers } from './index.ts';

/** A weight that is trained. */
export type TrainableWeight = {
  readonly name: string;
  readonly variable: Variable;
};

export type Optimizer = {
  /** Everything that changes from step to step, under stable names. */
  readonly variables: ReadonlyMap<string, Variable>;
  /**
   * One update of all weights. `learningRate` is a scalar tensor; `gradients` go by the variable's
   * name, and a weight without one stays as it is.
   */
  apply(learningRate: Tensor, gradients: Readonly<Record<string, Tensor>>): void;
  dispose(): void;
};

/** Makes the variables for the weights, all slots at their initial values. */
export function createOptimizer(
  tf: Engine,
  config: OptimizerConfig,
  weights: readonly TrainableWeight[],
): Optimizer {
  // The entry under a config's own `type` takes that config; TypeScript cannot follow the pairing.
  const definition = optimizers[config.type] as OptimizerDefinition;
  const own = config as never;
  const variables = new Map<string, Variable>();
  const create = (name: string, value: () => Tensor): Variable => {
    const variable = tf.tidy(() => tf.variable(value(), false));
    variables.set(name, variable);
    return variable;
  };
  const iterations = create('iterations', () => tf.scalar(0, 'int32'));
  const initial = Object.entries(definition.slots(own));
  const slots = weights.map(({ name, variable }) =>
    Object.fromEntries(
      initial.map(([slot, value]) => [
        slot,
        create(`${name}/${slot}`, () => tf.fill(variable.shape, value)),
      ]),
    ),
  );
  return {
    variables,
    apply: (learningRate, gradients) =>
      tf.tidy(() => {
        iterations.assign(tf.add(iterations, tf.scalar(1, 'int32')));
        const step = tf.cast(iterations, 'float32');
        const extra = definition.scalars?.(tf, own, { learningRate, step });
        const scalars = { ...extra, learningRate };
        weights.forEach(({ variable }, index) => {
          const gradient = gradients[variable.name];
          if (gradient === undefined) return;
          decay(tf, config, variable, learningRate);
          const clipped = clip(tf, config, gradient);
          definition.update(tf, own, {
            variable,
            gradient: clipped,
            slots: slots[index] ?? {},
            scalars,
          });
        });
      }),
    dispose: () => tf.dispose([...variables.values()]),
  };
}

/** Keras clips each gradient by its own norm (`clipnorm`), or entry by entry. */
function clip(tf: Engine, { clipnorm, clipvalue }: OptimizerConfig, gradient: Tensor): Tensor {
  if (clipnorm !== undefined) {
    const norm = tf.sqrt(tf.sum(tf.square(gradient)));
    return tf.div(tf.mul(gradient, clipnorm), tf.maximum(norm, clipnorm));
  }
  return clipvalue === undefined ? gradient : tf.clipByValue(gradient, -clipvalue, clipvalue);
}

/** Decoupled weight decay, taken off before the update. */
function decay(
  tf: Engine,
  { weight_decay }: OptimizerConfig,
  variable: Variable,
  learningRate: Tensor,
): void {
  if (weight_decay === undefined) return;
  variable.assign(tf.sub(variable, tf.mul(tf.mul(variable, weight_decay), learningRate)));
}
