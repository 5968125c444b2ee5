/**
 * The fold's random stream for everything inside the model (dropout, augmentation): counter-based
 * draws whose whole state is one int32 variable [seed, counter]. The same draws in eager and
 * traced steps, and a state that a checkpoint can hold.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from './engine.ts';
import { attribute, executeOne } from './op.ts';

export type RandomStream = {
  /** int32 [2]: seed and counter. Save and restore it with the weights. */
  readonly state: Variable;
  /** Uniform draws in [minimum, maximum), float32. */
  uniform(shape: readonly number[], minimum?: number, maximum?: number): Tensor;
  /** Draws from the normal distribution, float32. */
  normal(shape: readonly number[], mean?: number, standardDeviation?: number): Tensor;
};

let current: RandomStream | undefined;

/**
 * Starts the stream of this process from a seed. It stays the same stream and variable: layers
 * built earlier follow it, and traced functions once the variable is pushed.
 */
export function seedRandomStream(tf: Engine, seed: number): RandomStream {
  if (current && !current.state.isDisposed) {
    const { state } = current;
    tf.tidy(() => state.assign(tf.tensor1d([seed | 0, 0], 'int32')));
    return current;
  }
  current = createStream(tf, seed);
  return current;
}

/** The stream of this process, seeded with 0 where nobody seeded it. */
export function randomStream(tf: Engine): RandomStream {
  return current && !current.state.isDisposed ? current : seedRandomStream(tf, 0);
}

function createStream(tf: Engine, seed: number): RandomStream {
  const state = tf.tidy(() => tf.variable(tf.tensor1d([seed | 0, 0], 'int32'), false));
  const draw = (op: string, shape: readonly number[]): Tensor => {
    const types = [
      attribute.type(tf, 'T', 'int32'),
      attribute.type(tf, 'dtype', 'float32'),
      attribute.type(tf, 'Tseed', 'int32'),
    ];
    const values = executeOne(tf, op, types, [tf.tensor1d([...shape], 'int32'), state]);
    state.assign(tf.add(state, tf.tensor1d([0, 1], 'int32')));
    return values;
  };
  return {
    state,
    uniform: (shape, minimum = 0, maximum = 1) =>
      tf.tidy(() => {
        const unit = draw('StatelessRandomUniform', shape);
        return minimum === 0 && maximum === 1
          ? unit
          : tf.add(tf.mul(unit, maximum - minimum), minimum);
      }),
    normal: (shape, mean = 0, standardDeviation = 1) =>
      tf.tidy(() => tf.add(tf.mul(draw('StatelessRandomNormal', shape), standardDeviation), mean)),
  };
}
