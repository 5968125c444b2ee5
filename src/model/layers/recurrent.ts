/**
 * simple_rnn, lstm and gru with Keras's gates (sigmoid, GRU reset after the product by default).
 * Own code because tfjs-layers has other gates and draws its dropout from Math.random. Unrolled
 * over time: the graph of a traced step is the same. Longer than most: three cells, one loop.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { randomStream } from '../../engine/random.ts';
import { type ActivationName, activate, activation } from '../activations.ts';
import { constraint } from '../constraints.ts';
import type { Shape } from '../graph.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { insertAxis } from './axes.ts';
import { defineLayer, type LayerCall, ShapeError, type WeightShape } from './define.ts';
import { count, inputOfRank, lastLength, shapeText } from './sizes.ts';

const share = (description: string) =>
  ({ type: 'number', minimum: 0, exclusiveMaximum: 1, default: 0, description }) as const;

const recurrentOptions = {
  units: count('Number of outputs.'),
  activation: { ...activation('Function of the state'), default: 'tanh' },
  use_bias: { type: 'boolean', default: true, description: 'Whether a bias is added.' },
  kernel_initializer: initializer('kernel', 'glorot_uniform'),
  recurrent_initializer: initializer('recurrent kernel', 'orthogonal'),
  bias_initializer: initializer('bias', 'zeros'),
  kernel_regularizer: regularizer('kernel'),
  recurrent_regularizer: regularizer('recurrent kernel'),
  bias_regularizer: regularizer('bias'),
  kernel_constraint: constraint('kernel'),
  recurrent_constraint: constraint('recurrent kernel'),
  bias_constraint: constraint('bias'),
  dropout: share('Share of the inputs that are dropped, the same at all steps.'),
  recurrent_dropout: share('Share of the state that is dropped, the same at all steps.'),
  return_sequences: {
    type: 'boolean',
    default: false,
    description: 'The output of every step, not of the last alone.',
  },
  go_backwards: {
    type: 'boolean',
    default: false,
    description: 'From the last step to the first.',
  },
} as const;

const gates = {
  recurrent_activation: { ...activation('Function of the gates'), default: 'sigmoid' },
} as const;

type RecurrentConfig = {
  readonly units: number;
  readonly activation: ActivationName | null;
  readonly use_bias: boolean;
  readonly dropout: number;
  readonly recurrent_dropout: number;
  readonly return_sequences: boolean;
  readonly go_backwards: boolean;
} & {
  readonly [Weight in
    | 'kernel'
    | 'recurrent'
    | 'bias' as `${Weight}_initializer`]: WeightShape['initializer'];
} & {
  readonly [Weight in
    | 'kernel'
    | 'recurrent'
    | 'bias' as `${Weight}_regularizer`]: WeightShape['regularizer'];
} & {
  readonly [Weight in
    | 'kernel'
    | 'recurrent'
    | 'bias' as `${Weight}_constraint`]: WeightShape['constraint'];
};

function recurrentShape(config: RecurrentConfig, inputs: readonly Shape[]): Shape {
  const shape = inputOfRank(inputs, 2, 'sequences [steps, channels]');
  if (shape[0] === null) {
    throw new ShapeError(`needs a fixed number of steps, but gets ${shapeText(shape)}`);
  }
  lastLength(shape);
  return config.return_sequences ? [shape[0] ?? null, config.units] : [config.units];
}

/** kernel, recurrent_kernel and bias for as many gates. */
function recurrentWeights(
  config: RecurrentConfig,
  inputs: readonly Shape[],
  gateCount: number,
  bias: Pick<WeightShape, 'shape'> & Partial<WeightShape>,
): readonly WeightShape[] {
  const channels = lastLength(inputs[0] ?? []);
  const width = config.units * gateCount;
  const rules = (weight: 'kernel' | 'recurrent' | 'bias') => ({
    trainable: true,
    initializer: config[`${weight}_initializer`],
    regularizer: config[`${weight}_regularizer`],
    constraint: config[`${weight}_constraint`],
  });
  return [
    { name: 'kernel', shape: [channels, width], ...rules('kernel') },
    { name: 'recurrent_kernel', shape: [config.units, width], ...rules('recurrent') },
    ...(config.use_bias ? [{ name: 'bias', ...rules('bias'), ...bias }] : []),
  ];
}

/** One step: input [batch, channels] and states to the next states, the first being the output. */
type Step = (input: Tensor, states: readonly Tensor[]) => readonly Tensor[];

/** Runs a cell over all steps of x [batch, steps, channels]. */
function unroll(config: RecurrentConfig, call: LayerCall, stateCount: number, step: Step): Tensor {
  const { tf, x, mask } = call;
  const [batch = 0, , channels = 0] = x.shape;
  const dropped = (probability: number, width: number): Tensor | undefined =>
    call.training && probability > 0 ? dropoutMask(tf, probability, [batch, width]) : undefined;
  const inputMask = dropped(config.dropout, channels);
  const stateMask = dropped(config.recurrent_dropout, config.units);
  const steps = tf.unstack(x, 1);
  const kept = mask === undefined ? undefined : tf.unstack(insertAxis(tf, mask, 2), 1);
  const order = steps.map((_, index) => (config.go_backwards ? steps.length - 1 - index : index));
  let states: readonly Tensor[] = Array.from({ length: stateCount }, () =>
    tf.zeros([batch, config.units]),
  );
  const outputs: Tensor[] = [];
  for (const index of order) {
    const input = steps[index] ?? x;
    const [first, ...others] = states;
    if (first === undefined) throw new Error('a recurrent cell has no state');
    const shown = stateMask ? [tf.mul(first, stateMask), ...others] : states;
    const next = step(inputMask ? tf.mul(input, inputMask) : input, shown);
    const isKept = kept?.[index];
    // A masked step leaves the states as they were.
    states = isKept
      ? next.map((state, place) => tf.where(isKept, state, states[place] ?? state))
      : next;
    outputs.push(states[0] ?? input);
  }
  return config.return_sequences ? tf.stack(outputs, 1) : (outputs.at(-1) ?? x);
}

const dropoutMask = (tf: Engine, probability: number, shape: readonly number[]): Tensor =>
  tf.mul(
    tf.cast(tf.greaterEqual(randomStream(tf).uniform(shape), probability), 'float32'),
    1 / (1 - probability),
  );

const product = (tf: Engine, a: Tensor, b: Tensor): Tensor => tf.matMul(a, b);

/** Gates side by side, each [batch, units]. */
const split = (tf: Engine, joined: Tensor, gateCount: number): Tensor[] =>
  tf.split(joined, gateCount, 1);

export const simple_rnn = defineLayer({
  className: 'SimpleRNN',
  schema: {
    type: 'object',
    description: 'Recurrent layer: the output of a step is an input of the next.',
    properties: {
      type: { type: 'string', const: 'simple_rnn', description: 'Plain recurrent layer.' },
      ...recurrentOptions,
    },
    required: ['type', 'units'],
    additionalProperties: false,
  },
  shape: recurrentShape,
  mask: (config, { mask }) => (config.return_sequences ? mask : undefined),
  weights: (config, inputs) => recurrentWeights(config, inputs, 1, { shape: [config.units] }),
  call: (config, call) => {
    const { tf, weight } = call;
    return unroll(config, call, 1, (input, [state = input]) => {
      const fed = product(tf, input, weight('kernel'));
      const shifted = config.use_bias ? tf.add(fed, weight('bias')) : fed;
      const joined = tf.add(shifted, product(tf, state, weight('recurrent_kernel')));
      return [activate(tf, config.activation, joined)];
    });
  },
});

/** Ones in the second quarter: the forget gate starts open (Jozefowicz et al., 2015). */
export const openForgetGate = (tf: Engine, bias: Tensor): Tensor => {
  const [input, , ...others] = tf.split(bias, 4);
  return tf.concat([input ?? bias, tf.onesLike(input ?? bias), ...others]);
};

export const lstm = defineLayer({
  className: 'LSTM',
  schema: {
    type: 'object',
    description: 'Long short-term memory.',
    properties: {
      type: { type: 'string', const: 'lstm', description: 'Long short-term memory.' },
      ...recurrentOptions,
      ...gates,
      unit_forget_bias: {
        type: 'boolean',
        default: true,
        description: 'Whether the bias of the forget gate starts at 1.',
      },
    },
    required: ['type', 'units'],
    additionalProperties: false,
  },
  shape: recurrentShape,
  mask: (config, { mask }) => (config.return_sequences ? mask : undefined),
  weights: (config, inputs) =>
    recurrentWeights(config, inputs, 4, {
      shape: [4 * config.units],
      ...(config.unit_forget_bias ? { adjust: openForgetGate } : {}),
    }),
  call: (config, call) => {
    const { tf, weight } = call;
    return unroll(config, call, 2, (input, [state = input, memory = input]) => {
      const fed = product(tf, input, weight('kernel'));
      const joined = tf.add(fed, product(tf, state, weight('recurrent_kernel')));
      const shifted = config.use_bias ? tf.add(joined, weight('bias')) : joined;
      const [i = shifted, f = shifted, c = shifted, o = shifted] = split(tf, shifted, 4);
      const gate = (x: Tensor): Tensor => activate(tf, config.recurrent_activation, x);
      const proposed = activate(tf, config.activation, c);
      const next = tf.add(tf.mul(gate(f), memory), tf.mul(gate(i), proposed));
      return [tf.mul(gate(o), activate(tf, config.activation, next)), next];
    });
  },
});

export const gru = defineLayer({
  className: 'GRU',
  schema: {
    type: 'object',
    description: 'Gated recurrent unit.',
    properties: {
      type: { type: 'string', const: 'gru', description: 'Gated recurrent unit.' },
      ...recurrentOptions,
      ...gates,
      reset_after: {
        type: 'boolean',
        default: true,
        description: 'Whether the reset gate acts after the product with the recurrent kernel.',
      },
    },
    required: ['type', 'units'],
    additionalProperties: false,
  },
  shape: recurrentShape,
  mask: (config, { mask }) => (config.return_sequences ? mask : undefined),
  weights: (config, inputs) =>
    recurrentWeights(config, inputs, 3, {
      shape: config.reset_after ? [2, 3 * config.units] : [3 * config.units],
    }),
  call: (config, call) => {
    const { tf, weight } = call;
    const { units, reset_after: resetAfter } = config;
    const bias = config.use_bias ? weight('bias') : tf.zeros([resetAfter ? 2 : 1, 3 * units]);
    const [inputBias = bias, stateBias = bias] = resetAfter ? tf.unstack(bias, 0) : [bias, bias];
    const kernel = weight('recurrent_kernel');
    const gate = (x: Tensor): Tensor => activate(tf, config.recurrent_activation, x);
    return unroll(config, call, 1, (input, [state = input]) => {
      const fed = tf.add(product(tf, input, weight('kernel')), inputBias);
      const [fedZ = fed, fedR = fed, fedH = fed] = split(tf, fed, 3);
      const recalled = resetAfter
        ? tf.add(product(tf, state, kernel), stateBias)
        : product(tf, state, tf.slice(kernel, [0, 0], [units, 2 * units]));
      const [recalledZ = fed, recalledR = fed, recalledH = fed] = split(
        tf,
        recalled,
        resetAfter ? 3 : 2,
      );
      const update = gate(tf.add(fedZ, recalledZ));
      const reset = gate(tf.add(fedR, recalledR));
      const candidate = resetAfter
        ? tf.mul(reset, recalledH)
        : product(tf, tf.mul(reset, state), tf.slice(kernel, [0, 2 * units], [units, units]));
      const proposed = activate(tf, config.activation, tf.add(fedH, candidate));
      return [tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), proposed))];
    });
  },
});
