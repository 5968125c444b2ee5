import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { randomStream } from '../../engine/random.ts';
import { constraint } from '../constraints.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, ShapeError } from './define.ts';
import { project } from './dense.ts';
import { lastLength, shapeText } from './sizes.ts';

/** [batch, steps, D] through a kernel [D, heads, width] to [batch, heads, steps, width]. */
function heads(tf: Engine, x: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor {
  const [inputs = 1, count = 1, width = 1] = kernel.shape;
  const flat = project(
    tf,
    x,
    tf.reshape(kernel, [inputs, count * width]),
    bias === undefined ? undefined : tf.reshape(bias, [count * width]),
  );
  const [batch = 0, steps = 0] = x.shape;
  return tf.transpose(tf.reshape(flat, [batch, steps, count, width]), [0, 2, 1, 3]);
}

/** Keras's MultiHeadAttention over one sequence axis; inputs: query, value and (default: value) key. */
export const multi_head_attention = defineLayer({
  className: 'MultiHeadAttention',
  schema: {
    type: 'object',
    description: 'Multi-head attention of a sequence on itself, or on another one.',
    properties: {
      type: { type: 'string', const: 'multi_head_attention', description: 'Attention.' },
      num_heads: { type: 'integer', minimum: 1, description: 'Number of heads.' },
      key_dim: { type: 'integer', minimum: 1, description: 'Width of query and key in a head.' },
      value_dim: {
        description: 'Width of the value in a head; null is key_dim.',
        default: null,
        anyOf: [{ type: 'null' }, { type: 'integer', minimum: 1 }],
      },
      dropout: {
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0,
        description: 'Share of the attention that is dropped while training.',
      },
      use_bias: { type: 'boolean', default: true, description: 'Whether biases are added.' },
      kernel_initializer: initializer('kernels', 'glorot_uniform'),
      bias_initializer: initializer('biases', 'zeros'),
      kernel_regularizer: regularizer('kernels'),
      bias_regularizer: regularizer('biases'),
      kernel_constraint: constraint('kernels'),
      bias_constraint: constraint('biases'),
    },
    required: ['type', 'num_heads', 'key_dim'],
    additionalProperties: false,
  },
  inputs: 'many',
  shape: (_config, inputs) => {
    if (inputs.length > 3 || inputs.some((shape) => shape.length !== 2)) {
      throw new ShapeError(
        `takes one to three sequences [steps, channels], but gets ${inputs.map(shapeText).join(' and ')}`,
      );
    }
    const [query = []] = inputs;
    lastLength(query);
    return query;
  },
  weights: (config, inputs) => {
    const [query = [], value = query, key = value] = inputs;
    const { num_heads: count, key_dim: width } = config;
    const valueWidth = config.value_dim ?? width;
    const rules = (weight: 'kernel' | 'bias') => ({
      trainable: true,
      initializer: config[`${weight}_initializer`],
      regularizer: config[`${weight}_regularizer`],
      constraint: config[`${weight}_constraint`],
    });
    const projection = (name: string, kernel: number[], bias: number[]) => [
      { name: `${name}_kernel`, shape: kernel, ...rules('kernel') },
      ...(config.use_bias ? [{ name: `${name}_bias`, shape: bias, ...rules('bias') }] : []),
    ];
    const output = lastLength(query);
    return [
      ...projection('query', [output, count, width], [count, width]),
      ...projection('key', [lastLength(key), count, width], [count, width]),
      ...projection('value', [lastLength(value), count, valueWidth], [count, valueWidth]),
      ...projection('output', [count, valueWidth, output], [output]),
    ];
  },
  call: (config, { tf, x, inputs, weight, training }) => {
    const [query = x, value = query, key = value] = inputs;
    const project3 = (input: Tensor, name: string): Tensor =>
      heads(
        tf,
        input,
        weight(`${name}_kernel`),
        config.use_bias ? weight(`${name}_bias`) : undefined,
      );
    const scaled = tf.mul(project3(query, 'query'), 1 / Math.sqrt(config.key_dim));
    const scores = tf.softmax(tf.matMul(scaled, project3(key, 'key'), false, true));
    const kept =
      training && config.dropout > 0
        ? tf.mul(
            scores,
            tf.div(
              tf.cast(
                tf.greaterEqual(randomStream(tf).uniform(scores.shape), config.dropout),
                'float32',
              ),
              1 - config.dropout,
            ),
          )
        : scores;
    const seen = tf.transpose(tf.matMul(kept, project3(value, 'value')), [0, 2, 1, 3]);
    const [batch = 0, steps = 0, count = 0, width = 0] = seen.shape;
    const kernel = weight('output_kernel');
    return project(
      tf,
      tf.reshape(seen, [batch, steps, count * width]),
      tf.reshape(kernel, [count * width, kernel.shape[2] ?? 1]),
      config.use_bias ? weight('output_bias') : undefined,
    );
  },
});
