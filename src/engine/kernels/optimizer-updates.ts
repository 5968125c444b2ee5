/**
 * One optimizer step on one variable, each as Keras 3's optimizer of the same name computes it.
 *
 * All of them take the variable, its slots (variables of the same shape, made beforehand by the
 * caller and all zeros unless said) and the gradient, and change variable and slots in place. A
 * missing gradient (null or undefined) changes nothing. A number that changes during training
 * (learning rate, beta powers) must be a scalar float32 variable: a traced step freezes JavaScript
 * numbers. The same code runs eagerly and inside a traced step.
 *
 * Most are one TensorFlow op (its formula equals Keras's); where it differs, plain ops.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { attribute } from '../op.ts';
import { updateVariables } from '../variable-update.ts';

/** A constant number, or a scalar float32 tensor or variable that may change. */
export type Hyperparameter = number | Tensor;

export type Gradient = Tensor | null | undefined;

/** SGD without momentum: `w ← w − lr·g`. */
export function applyGradientDescent(
  tf: Engine,
  { variable, learningRate }: { variable: Variable; learningRate: Hyperparameter },
  gradient: Gradient,
): void {
  update(tf, 'ResourceApplyGradientDescent', [variable], [learningRate], gradient);
}

export type MomentumUpdate = {
  readonly variable: Variable;
  /** Slot. */
  readonly velocity: Variable;
  readonly learningRate: Hyperparameter;
  readonly momentum: Hyperparameter;
  readonly nesterov: boolean;
};

/** SGD with momentum: `v ← μ·v − lr·g; w ← w + v`, or with Nesterov `w ← w + μ·v − lr·g`. */
export function applyMomentum(tf: Engine, options: MomentumUpdate, gradient: Gradient): void {
  if (!gradient) return;
  const { variable, velocity, learningRate, momentum, nesterov } = options;
  tf.tidy(() => {
    const inputs = [scalar(tf, learningRate), gradient, scalar(tf, momentum)];
    const nesterovAttribute = attribute.bool(tf, 'use_nesterov', nesterov);
    updateVariables(
      tf,
      'ResourceApplyKerasMomentum',
      [...common(tf), nesterovAttribute],
      [variable, velocity],
      inputs,
    );
  });
}

export type AdamUpdate = {
  readonly variable: Variable;
  /** Slots: first and second moment. */
  readonly m: Variable;
  readonly v: Variable;
  /**
   * β₁ᵗ and β₂ᵗ, t counted from 1. One pair for all variables, starting at β₁ and β₂; the caller
   * multiplies them by β₁ and β₂ once, after all updates of a step.
   */
  readonly beta1Power: Hyperparameter;
  readonly beta2Power: Hyperparameter;
  readonly learningRate: Hyperparameter;
  readonly beta1: Hyperparameter;
  readonly beta2: Hyperparameter;
  readonly epsilon: Hyperparameter;
};

/** Adam: `α = lr·√(1−β₂ᵗ)/(1−β₁ᵗ); m += (g−m)(1−β₁); v += (g²−v)(1−β₂); w −= m·α/(√v+ε)`. */
export function applyAdam(tf: Engine, options: AdamUpdate, gradient: Gradient): void {
  const { variable, m, v, beta1Power, beta2Power, learningRate, beta1, beta2, epsilon } = options;
  const numbers = [beta1Power, beta2Power, learningRate, beta1, beta2, epsilon];
  update(tf, 'ResourceApplyAdam', [variable, m, v], numbers, gradient, [
    attribute.bool(tf, 'use_nesterov', false),
  ]);
}

export type AdamaxUpdate = {
  readonly variable: Variable;
  /** Slots: first moment and infinity norm. */
  readonly m: Variable;
  readonly u: Variable;
  /** β₁ᵗ, t counted from 1; see AdamUpdate. */
  readonly beta1Power: Hyperparameter;
  readonly learningRate: Hyperparameter;
  readonly beta1: Hyperparameter;
  readonly beta2: Hyperparameter;
  readonly epsilon: Hyperparameter;
};

/** Adamax: `m += (g−m)(1−β₁); u = max(β₂·u, |g|); w −= lr·m/((1−β₁ᵗ)(u+ε))`. */
export function applyAdamax(tf: Engine, options: AdamaxUpdate, gradient: Gradient): void {
  const { variable, m, u, beta1Power, learningRate, beta1, beta2, epsilon } = options;
  const numbers = [beta1Power, learningRate, beta1, beta2, epsilon];
  update(tf, 'ResourceApplyAdaMax', [variable, m, u], numbers, gradient);
}

export type AdadeltaUpdate = {
  readonly variable: Variable;
  /** Slots: running means of the squared gradient and of the squared step. */
  readonly accumulatedGradient: Variable;
  readonly accumulatedStep: Variable;
  readonly learningRate: Hyperparameter;
  readonly rho: Hyperparameter;
  readonly epsilon: Hyperparameter;
};

/** Adadelta: `a ← ρa+(1−ρ)g²; d = g·√(s+ε)/√(a+ε); s ← ρs+(1−ρ)d²; w −= lr·d`. */
export function applyAdadelta(tf: Engine, options: AdadeltaUpdate, gradient: Gradient): void {
  const { variable, accumulatedGradient, accumulatedStep, learningRate, rho, epsilon } = options;
  const variables = [variable, accumulatedGradient, accumulatedStep];
  update(tf, 'ResourceApplyAdadelta', variables, [learningRate, rho, epsilon], gradient);
}

export type AdagradUpdate = {
  readonly variable: Variable;
  /** Slot: sum of squared gradients; Keras starts it at 0.1. */
  readonly accumulator: Variable;
  readonly learningRate: Hyperparameter;
  readonly epsilon: Hyperparameter;
};

/** Adagrad: `a ← a + g²; w −= lr·g/√(a+ε)`. TensorFlow's op has ε outside of the root. */
export function applyAdagrad(tf: Engine, options: AdagradUpdate, gradient: Gradient): void {
  if (!gradient) return;
  const { variable, accumulator, learningRate, epsilon } = options;
  tf.tidy(() => {
    accumulator.assign(tf.add(accumulator, tf.square(gradient)));
    const root = tf.rsqrt(tf.add(accumulator, scalar(tf, epsilon)));
    const step = tf.mul(tf.mul(gradient, scalar(tf, learningRate)), root);
    variable.assign(tf.sub(variable, step));
  });
}

export type RmspropUpdate = {
  readonly variable: Variable;
  /** Slot: running mean of the squared gradient. */
  readonly velocity: Variable;
  /** Slot, where momentum is used. */
  readonly momentumSlot?: Variable | undefined;
  /** Slot, for the centered variant: running mean of the gradient. */
  readonly averageGradient?: Variable | undefined;
  readonly learningRate: Hyperparameter;
  readonly rho: Hyperparameter;
  readonly momentum: Hyperparameter;
  readonly epsilon: Hyperparameter;
};

/**
 * RMSprop: `v ← ρv+(1−ρ)g²; d = lr·g/√(v+ε)`, centered `d = lr·g/√(v−ḡ²+ε)`; then `w −= d`, or
 * with a momentum slot `p ← μp + d; w −= p`.
 */
export function applyRmsprop(tf: Engine, options: RmspropUpdate, gradient: Gradient): void {
  if (!gradient) return;
  const { variable, velocity, momentumSlot, averageGradient } = options;
  const { learningRate, rho, momentum, epsilon } = options;
  if (momentumSlot) {
    const [op, slots] = averageGradient
      ? ['ResourceApplyCenteredRMSProp', [averageGradient, velocity, momentumSlot]]
      : ['ResourceApplyRMSProp', [velocity, momentumSlot]];
    update(tf, op, [variable, ...slots], [learningRate, rho, momentum, epsilon], gradient);
    return;
  }
  tf.tidy(() => {
    const decay = scalar(tf, rho);
    const rest = tf.sub(1, decay);
    const average = (old: Tensor, value: Tensor) => tf.add(tf.mul(old, decay), tf.mul(value, rest));
    velocity.assign(average(velocity, tf.square(gradient)));
    let spread: Tensor = velocity;
    if (averageGradient) {
      averageGradient.assign(average(averageGradient, gradient));
      spread = tf.sub(velocity, tf.square(averageGradient));
    }
    const root = tf.rsqrt(tf.add(spread, scalar(tf, epsilon)));
    variable.assign(tf.sub(variable, tf.mul(tf.mul(gradient, scalar(tf, learningRate)), root)));
  });
}

const scalar = (tf: Engine, value: Hyperparameter): Tensor =>
  typeof value === 'number' ? tf.scalar(value, 'float32') : value;

const common = (tf: Engine) => [
  attribute.type(tf, 'T', 'float32'),
  attribute.bool(tf, 'use_locking', false),
];

/** The usual form of these ops: handles, then numbers, then the gradient. */
function update(
  tf: Engine,
  op: string,
  variables: readonly Variable[],
  numbers: readonly Hyperparameter[],
  gradient: Gradient,
  attributes: ReturnType<typeof common> = [],
): void {
  if (!gradient) return;
  tf.tidy(() => {
    const inputs = [...numbers.map((value) => scalar(tf, value)), gradient];
    updateVariables(tf, op, [...common(tf), ...attributes], variables, inputs);
  });
}
