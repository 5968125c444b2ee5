import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { activation } from '../activations.ts';
import { constraint } from '../constraints.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer, passMask, ShapeError } from './define.ts';
import { count, lastLength } from './sizes.ts';

/** x · kernel over the last axis; the other axes are kept. */
export function project(tf: Engine, x: Tensor, kernel: Tensor, bias?: Tensor): Tensor {
  const inputs = x.shape.at(-1) ?? 1;
  const outputs = kernel.shape.at(-1) ?? 1;
  const rows = x.rank === 2 ? x : tf.reshape(x, [-1, inputs]);
  // TensorFlow fuses the two when they are part of a graph.
  const product = tf.matMul(rows, kernel);
  const y = bias ? tf.add(product, bias) : product;
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

export const dense = defineLayer({
  className: 'Dense',
  schema: {
    type: 'object',
    description: 'Fully connected layer: activation(x · kernel + bias) over the last axis.',
    properties: {
      type: { type: 'string', const: 'dense', description: 'Fully connected layer.' },
      units: count('Outputs, or `classes` for as many as the data has classes.'),
      activation: activation(),
      use_bias: { type: 'boolean', default: true, description: 'Whether a bias is added.' },
      kernel_initializer: initializer('kernel', 'glorot_uniform'),
      bias_initializer: initializer('bias', 'zeros'),
      kernel_regularizer: regularizer('kernel'),
      bias_regularizer: regularizer('bias'),
      kernel_constraint: constraint('kernel'),
      bias_constraint: constraint('bias'),
    },
    required: ['type', 'units'],
    additionalProperties: false,
  },
  shape: ({ units }, [input = []]) => {
    if (input.length === 0) throw new ShapeError('needs at least one axis besides the batch');
    lastLength(input);
    return [...input.slice(0, -1), units];
  },
  weights: (config, [input = []]) => [
    {
      name: 'kernel',
      shape: [lastLength(input), config.units],
      trainable: true,
      initializer: config.kernel_initializer,
      regularizer: config.kernel_regularizer,
      constraint: config.kernel_constraint,
    },
    ...(config.use_bias
      ? [
          {
            name: 'bias',
            shape: [config.units],
            trainable: true,
            initializer: config.bias_initializer,
            regularizer: config.bias_regularizer,
            constraint: config.bias_constraint,
          },
        ]
      : []),
  ],
  mask: passMask,
  call: (config, { tf, x, weight, activate }) =>
    activate(project(tf, x, weight('kernel'), config.use_bias ? weight('bias') : undefined)),
});
