/** Layers around another layer: bidirectional and time_distributed. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { type ActivationName, activate } from '../activations.ts';
import { withDefaults } from '../defaults.ts';
import type { Shape } from '../graph.ts';
import { activation } from './activation.ts';
import { batch_normalization } from './batch-normalization.ts';
import { conv2d } from './convolution.ts';
import {
  type AnyLayer,
  defineLayer,
  type LayerCall,
  type LayerOptions,
  ShapeError,
  type WeightShape,
} from './define.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { global_average_pooling2d, global_max_pooling2d } from './global-pooling.ts';
import { average_pooling2d, max_pooling2d } from './pooling.ts';
import { gru, lstm, simple_rnn } from './recurrent.ts';
import { flatten, reshape } from './shaping.ts';
import { shapeText } from './sizes.ts';

const recurrent = { gru, lstm, simple_rnn } as const;
const inner = {
  activation,
  average_pooling2d,
  batch_normalization,
  conv2d,
  dense,
  dropout,
  flatten,
  global_average_pooling2d,
  global_max_pooling2d,
  max_pooling2d,
  reshape,
} as const;

/** A layer within another one, as the options name it. */
type Wrapped = { readonly definition: AnyLayer; readonly options: LayerOptions };

function wrapped(
  registry: Readonly<Record<string, unknown>>,
  config: Readonly<{ type: string }> & LayerOptions,
): Wrapped {
  // Members differ in their options; the schema checked that they fit the type.
  const definition = registry[config.type] as AnyLayer;
  return { definition, options: withDefaults(definition.schema, config) };
}

/** The inner layer's weights under names of their own. */
const renamed = (weights: readonly WeightShape[], prefix: string): WeightShape[] =>
  weights.map((weight) => ({ ...weight, name: prefix + weight.name }));

const within = (call: LayerCall, { options }: Wrapped, x: Tensor, prefix: string): LayerCall => ({
  ...call,
  x,
  // The inner layer's option, which its schema has checked.
  activate: (value) =>
    activate(call.tf, (options.activation ?? null) as ActivationName | null, value),
  inputs: [x],
  weight: (name) => call.weight(prefix + name),
  update: (name, value) => call.update(prefix + name, value),
});

export const bidirectional = defineLayer({
  className: 'Bidirectional',
  random: true,
  schema: {
    type: 'object',
    description: 'A recurrent layer from both ends of the sequence.',
    properties: {
      type: { type: 'string', const: 'bidirectional', description: 'From both ends.' },
      layer: {
        type: 'object',
        description: 'The recurrent layer: gru, lstm or simple_rnn with its options.',
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: [gru.schema, lstm.schema, simple_rnn.schema],
      },
      merge_mode: {
        type: 'string',
        enum: ['concat', 'sum', 'mul', 'ave'],
        default: 'concat',
        description: 'How both outputs become one.',
      },
    },
    required: ['type', 'layer'],
    additionalProperties: false,
  },
  shape: (config, inputs) => {
    const { definition, options } = wrapped(recurrent, config.layer);
    const shape = definition.shape(options, inputs);
    const doubled = (shape.at(-1) ?? 0) * 2;
    return config.merge_mode === 'concat' ? [...shape.slice(0, -1), doubled] : shape;
  },
  weights: (config, inputs) => {
    const { definition, options } = wrapped(recurrent, config.layer);
    const weights = definition.weights?.(options, inputs) ?? [];
    return [...renamed(weights, 'forward_'), ...renamed(weights, 'backward_')];
  },
  call: (config, call) => {
    const { tf, x } = call;
    const inside = wrapped(recurrent, config.layer);
    const { definition, options } = inside;
    const forward = definition.call(options, within(call, inside, x, 'forward_'));
    const reversed = { ...options, go_backwards: options.go_backwards !== true };
    const read = definition.call(reversed, within(call, inside, x, 'backward_'));
    const backward = options.return_sequences === true ? tf.reverse(read, 1) : read;
    if (config.merge_mode === 'concat') return tf.concat([forward, backward], forward.rank - 1);
    if (config.merge_mode === 'mul') return tf.mul(forward, backward);
    const sum = tf.add(forward, backward);
    return config.merge_mode === 'sum' ? sum : tf.div(sum, 2);
  },
});

/** Steps, and the shape of one step. */
function stepsOf([input = []]: readonly Shape[]): [number | null, Shape] {
  const [steps, ...step] = input;
  if (steps === undefined || step.length === 0) {
    throw new ShapeError(`takes sequences [steps, …], but its input is ${shapeText(input)}`);
  }
  return [steps, step];
}

export const time_distributed = defineLayer({
  className: 'TimeDistributed',
  random: true,
  schema: {
    type: 'object',
    description: 'The same layer at each step of a sequence.',
    properties: {
      type: { type: 'string', const: 'time_distributed', description: 'At each step.' },
      layer: {
        type: 'object',
        description: `The layer with its options: ${Object.keys(inner).join(', ')}.`,
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: [
          activation.schema,
          average_pooling2d.schema,
          batch_normalization.schema,
          conv2d.schema,
          dense.schema,
          dropout.schema,
          flatten.schema,
          global_average_pooling2d.schema,
          global_max_pooling2d.schema,
          max_pooling2d.schema,
          reshape.schema,
        ],
      },
    },
    required: ['type', 'layer'],
    additionalProperties: false,
  },
  shape: (config, inputs) => {
    const [steps, step] = stepsOf(inputs);
    const { definition, options } = wrapped(inner, config.layer);
    return [steps, ...definition.shape(options, [step])];
  },
  weights: (config, inputs) => {
    const { definition, options } = wrapped(inner, config.layer);
    return definition.weights?.(options, [stepsOf(inputs)[1]]) ?? [];
  },
  call: (config, call) => {
    const { tf, x } = call;
    const inside = wrapped(inner, config.layer);
    const [batch = 0, steps = 0, ...step] = x.shape;
    const flat = tf.reshape(x, [batch * steps, ...step]);
    const y = inside.definition.call(inside.options, within(call, inside, flat, ''));
    return tf.reshape(y, [batch, steps, ...y.shape.slice(1)]);
  },
});
