import type { Tensor1D } from '@tensorflow/tfjs-node-gpu';
import { constraint } from '../constraints.ts';
import { initializer } from '../initializers.ts';
import { regularizer } from '../regularizers.ts';
import { defineLayer } from './define.ts';
import { differs } from './gradients.ts';

export const embedding = defineLayer({
  className: 'Embedding',
  schema: {
    type: 'object',
    description: 'A learnt vector for each whole number.',
    properties: {
      type: { type: 'string', const: 'embedding', description: 'A vector for each number.' },
      input_dim: { type: 'integer', minimum: 1, description: 'How many numbers: 0 to this − 1.' },
      output_dim: { type: 'integer', minimum: 1, description: 'Length of the vectors.' },
      embeddings_initializer: initializer('vectors', 'random_uniform'),
      embeddings_regularizer: regularizer('vectors'),
      embeddings_constraint: constraint('vectors'),
      mask_zero: {
        type: 'boolean',
        default: false,
        description: 'Whether 0 marks steps that recurrent layers skip.',
      },
    },
    required: ['type', 'input_dim', 'output_dim'],
    additionalProperties: false,
  },
  shape: ({ output_dim: length }, [input = []]) => [...input, length],
  weights: (config) => [
    {
      name: 'embeddings',
      shape: [config.input_dim, config.output_dim],
      trainable: true,
      initializer: config.embeddings_initializer,
      regularizer: config.embeddings_regularizer,
      constraint: config.embeddings_constraint,
    },
  ],
  mask: (config, { tf, x }) => (config.mask_zero ? differs(tf, x, 0) : undefined),
  call: (config, { tf, x, weight }) => {
    // Flattened to one axis by the reshape.
    const indices = tf.cast(tf.reshape(x, [-1]), 'int32') as Tensor1D;
    return tf.reshape(tf.gather(weight('embeddings'), indices), [...x.shape, config.output_dim]);
  },
});
