import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { activate, activation } from '../activations.ts';
import { constraint } from '../constraints.ts';
import type { Shape } from '../graph.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, ShapeError } from './define.ts';
import { openForgetGate } from './recurrent.ts';
import {
  count,
  inputOfRank,
  lastLength,
  padding,
  perAxis,
  size,
  sizeOr,
  windowCounts,
} from './sizes.ts';

const form = 'sequences of images [steps, height, width, channels]';

/** An LSTM whose products are convolutions (Shi et al., 2015), as Keras's ConvLSTM2D. */
export const conv_lstm2d = defineLayer({
  className: 'ConvLSTM2D',
  schema: {
    type: 'object',
    description: 'Long short-term memory over images, with convolutions.',
    properties: {
      type: { type: 'string', const: 'conv_lstm2d', description: 'LSTM with convolutions.' },
      filters: count('Number of output channels.'),
      kernel_size: size(2, 'Size of the window'),
      strides: sizeOr(2, 1, 'Step of the window over the input'),
      padding,
      activation: { ...activation('Function of the state'), default: 'tanh' },
      recurrent_activation: { ...activation('Function of the gates'), default: 'sigmoid' },
      use_bias: { type: 'boolean', default: true, description: 'Whether a bias is added.' },
      kernel_initializer: initializer('kernel', 'glorot_uniform'),
      recurrent_initializer: initializer('recurrent kernel', 'orthogonal'),
      bias_initializer: initializer('bias', 'zeros'),
      unit_forget_bias: {
        type: 'boolean',
        default: true,
        description: 'Whether the bias of the forget gate starts at 1.',
      },
      kernel_regularizer: regularizer('kernel'),
      recurrent_regularizer: regularizer('recurrent kernel'),
      bias_regularizer: regularizer('bias'),
      kernel_constraint: constraint('kernel'),
      recurrent_constraint: constraint('recurrent kernel'),
      bias_constraint: constraint('bias'),
      return_sequences: {
        type: 'boolean',
        default: false,
        description: 'The output of every step, not of the last alone.',
      },
    },
    required: ['type', 'filters', 'kernel_size'],
    additionalProperties: false,
  },
  shape: (config, inputs) => {
    const shape = inputOfRank(inputs, 4, form);
    const [steps = null, height = null, width = null] = shape;
    if (steps === null) throw new ShapeError('needs a fixed number of steps');
    const windows = {
      sizes: perAxis(config.kernel_size, 2),
      strides: perAxis(config.strides, 2),
      padding: config.padding,
    };
    const lengths = windowCounts([height, width], windows, shape);
    const step: Shape = [...lengths, config.filters];
    return config.return_sequences ? [steps, ...step] : step;
  },
  weights: (config, inputs) => {
    const channels = lastLength(inputOfRank(inputs, 4, form));
    const window = perAxis(config.kernel_size, 2);
    const width = 4 * config.filters;
    return [
      {
        name: 'kernel',
        shape: [...window, channels, width],
        trainable: true,
        initializer: config.kernel_initializer,
        regularizer: config.kernel_regularizer,
        constraint: config.kernel_constraint,
      },
      {
        name: 'recurrent_kernel',
        shape: [...window, config.filters, width],
        trainable: true,
        initializer: config.recurrent_initializer,
        regularizer: config.recurrent_regularizer,
        constraint: config.recurrent_constraint,
      },
      ...(config.use_bias
        ? [
            {
              name: 'bias',
              shape: [width],
              trainable: true,
              initializer: config.bias_initializer,
              regularizer: config.bias_regularizer,
              constraint: config.bias_constraint,
              ...(config.unit_forget_bias ? { adjust: openForgetGate } : {}),
            },
          ]
        : []),
    ];
  },
  call: (config, { tf, x, weight }) => {
    const [down = 1, across = 1] = perAxis(config.strides, 2);
    const gate = (value: Tensor): Tensor => activate(tf, config.recurrent_activation, value);
    // Rank 4: `shape` checked that the sequence has rank 5.
    const kernel = weight('kernel') as Tensor4D;
    const recurrentKernel = weight('recurrent_kernel') as Tensor4D;
    let state: Tensor4D | undefined;
    let memory: Tensor | undefined;
    const outputs: Tensor[] = [];
    for (const image of tf.unstack(x, 1) as Tensor4D[]) {
      const fed: Tensor = tf.conv2d(image, kernel, [down, across], config.padding);
      const shifted = config.use_bias ? tf.add(fed, weight('bias')) : fed;
      const joined =
        state === undefined
          ? shifted
          : tf.add(shifted, tf.conv2d(state, recurrentKernel, 1, 'same'));
      const [i = joined, f = joined, c = joined, o = joined] = tf.split(joined, 4, 3);
      const proposed = tf.mul(gate(i), activate(tf, config.activation, c));
      memory = memory === undefined ? proposed : tf.add(tf.mul(gate(f), memory), proposed);
      state = tf.mul(gate(o), activate(tf, config.activation, memory)) as Tensor4D;
      outputs.push(state);
    }
    return config.return_sequences ? tf.stack(outputs, 1) : (state ?? x);
  },
});
