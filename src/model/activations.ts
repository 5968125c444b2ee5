/** Keras's activations by name, with Keras 3's values where tfjs's differ. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';

type Activation = (tf: Engine, x: Tensor) => Tensor;

const hardSigmoid: Activation = (tf, x) => tf.div(tf.relu6(tf.add(x, 3)), 6);
const silu: Activation = (tf, x) => tf.mul(x, tf.sigmoid(x));
const hardSilu: Activation = (tf, x) => tf.mul(x, hardSigmoid(tf, x));

/** max(x, 0) + slope · min(x, 0). */
const leakyRelu = (tf: Engine, x: Tensor, slope: number): Tensor => tf.leakyRelu(x, slope);

/** exp(x) − 1 below zero. The argument is cut at 0 so that the unused branch stays finite. */
const elu = (tf: Engine, x: Tensor, alpha: number): Tensor =>
  tf.add(tf.relu(x), tf.mul(tf.expm1(tf.minimum(x, 0)), alpha));

/** What is kept beyond ±0.5, else 0. */
const shrink = (tf: Engine, x: Tensor, kept: Tensor): Tensor =>
  tf.mul(kept, tf.step(tf.sub(tf.abs(x), 0.5)));

export const activations = {
  linear: (_tf, x) => x,
  relu: (tf, x) => tf.relu(x),
  relu6: (tf, x) => tf.relu6(x),
  leaky_relu: (tf, x) => leakyRelu(tf, x, 0.2),
  elu: (tf, x) => elu(tf, x, 1),
  celu: (tf, x) => elu(tf, x, 1),
  selu: (tf, x) => tf.selu(x),
  gelu: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  silu,
  swish: silu,
  mish: (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  sigmoid: (tf, x) => tf.sigmoid(x),
  hard_sigmoid: hardSigmoid,
  hard_silu: hardSilu,
  hard_swish: hardSilu,
  hard_tanh: (tf, x) => tf.clipByValue(x, -1, 1),
  hard_shrink: (tf, x) => shrink(tf, x, x),
  soft_shrink: (tf, x) => shrink(tf, x, tf.sub(x, tf.mul(tf.sign(x), 0.5))),
  tanh_shrink: (tf, x) => tf.sub(x, tf.tanh(x)),
  tanh: (tf, x) => tf.tanh(x),
  exponential: (tf, x) => tf.exp(x),
  softplus: (tf, x) => tf.softplus(x),
  softsign: (tf, x) => tf.div(x, tf.add(tf.abs(x), 1)),
  squareplus: (tf, x) => tf.mul(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 0.5),
  log_sigmoid: (tf, x) => tf.neg(tf.softplus(tf.neg(x))),
  softmax: (tf, x) => tf.softmax(x),
  log_softmax: (tf, x) => tf.logSoftmax(x),
} as const satisfies Readonly<Record<string, Activation>>;

export type ActivationName = keyof typeof activations;

// The names as a literal union, which Object.keys does not give.
export const activationNames = Object.keys(activations) as readonly ActivationName[];

/** The schema of an activation option; null is `linear`. */
export const activation = (what = 'Function applied to the output') =>
  ({
    description: `${what}; null is linear.`,
    default: null,
    examples: ['relu', 'softmax', 'gelu'],
    anyOf: [{ type: 'null' }, { type: 'string', enum: activationNames }],
  }) as const;

/** The activation of x, elementwise (softmax and log_softmax over the last axis). */
export const activate = (tf: Engine, name: ActivationName | null, x: Tensor): Tensor =>
  activations[name ?? 'linear'](tf, x);
