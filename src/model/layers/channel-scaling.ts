/** Learnt factors of channels: layer_scale (ConvNeXt) and squeeze_excite (SENet). */
import { activate, activation } from '../activations.ts';
import { defineLayer } from './define.ts';
import { project } from './dense.ts';
import { lastLength, spatialInput } from './sizes.ts';

export const layer_scale = defineLayer({
  className: 'LayerScale',
  schema: {
    type: 'object',
    description: 'Multiplies each channel by a learnt factor that starts small (ConvNeXt).',
    properties: {
      type: { type: 'string', const: 'layer_scale', description: 'A learnt factor per channel.' },
      init_values: { type: 'number', default: 1e-6, description: 'What the factors start from.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => {
    lastLength(input);
    return input;
  },
  weights: ({ init_values: value }, [input = []]) => [
    {
      name: 'gamma',
      shape: [lastLength(input)],
      trainable: true,
      initializer: { type: 'constant', value },
    },
  ],
  call: (_config, { tf, x, weight }) => tf.mul(x, weight('gamma')),
});

/**
 * Squeeze-and-excitation (Hu et al., 2018): the mean of each channel, through two dense layers, is
 * the channel's factor. Equal to global_average_pooling2d, dense, dense (sigmoid) and multiply.
 */
export const squeeze_excite = defineLayer({
  className: 'SqueezeExcite',
  schema: {
    type: 'object',
    description: 'Weighs the channels of an image by what is in the image (SENet).',
    properties: {
      type: { type: 'string', const: 'squeeze_excite', description: 'Weighs the channels.' },
      ratio: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 16,
        description: 'The layer in the middle has channels / ratio units, at least one.',
      },
      activation: { ...activation('Function between the two dense layers'), default: 'relu' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, inputs) => spatialInput(inputs, 2).shape,
  weights: ({ ratio }, inputs) => {
    const { channels } = spatialInput(inputs, 2);
    const units = Math.max(1, Math.floor(channels / ratio));
    const kernel = { trainable: true, initializer: 'glorot_uniform' } as const;
    return [
      { name: 'squeeze_kernel', shape: [channels, units], ...kernel },
      { name: 'squeeze_bias', shape: [units], trainable: true },
      { name: 'excite_kernel', shape: [units, channels], ...kernel },
      { name: 'excite_bias', shape: [channels], trainable: true },
    ];
  },
  call: (config, { tf, x, weight }) => {
    const means = tf.reshape(tf.mean(x, [1, 2]), [x.shape[0] ?? -1, x.shape[3] ?? 1]);
    const squeezed = project(tf, means, weight('squeeze_kernel'), weight('squeeze_bias'));
    const hidden = activate(tf, config.activation, squeezed);
    const excited = project(tf, hidden, weight('excite_kernel'), weight('excite_bias'));
    return tf.mul(x, tf.reshape(tf.sigmoid(excited), [x.shape[0] ?? -1, 1, 1, x.shape[3] ?? 1]));
  },
});
