/** Layers that move values without changing them: flatten, reshape, permute, repeat_vector. */

import { insertAxis } from './axes.ts';
import { defineLayer, ShapeError } from './define.ts';
import { elements, inputOfRank, shapeText } from './sizes.ts';

export const flatten = defineLayer({
  className: 'Flatten',
  schema: {
    type: 'object',
    description: 'All values of a sample as one vector.',
    properties: { type: { type: 'string', const: 'flatten', description: 'One vector.' } },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_config, [input = []]) => [elements(input)],
  call: (_config, { tf, x }) =>
    tf.reshape(x, [x.shape[0] ?? -1, x.shape.slice(1).reduce((product, n) => product * n, 1)]),
});

export const reshape = defineLayer({
  className: 'Reshape',
  schema: {
    type: 'object',
    description: 'The same values in another shape.',
    properties: {
      type: { type: 'string', const: 'reshape', description: 'Another shape.' },
      target_shape: {
        type: 'array',
        items: { type: 'integer', minimum: -1 },
        description: 'The new shape, without the batch axis. One −1 takes what is left over.',
      },
    },
    required: ['type', 'target_shape'],
    additionalProperties: false,
  },
  shape: ({ target_shape: target }, [input = []]) => {
    const total = elements(input);
    const known = target.filter((length) => length !== -1).reduce((product, n) => product * n, 1);
    const open = target.length - target.filter((length) => length !== -1).length;
    const fits = total === null || (open === 0 ? known === total : total % known === 0);
    if (open > 1 || !fits) {
      throw new ShapeError(
        `cannot bring ${shapeText(input)} (${total} values) into ${shapeText(target)}`,
      );
    }
    return target.map((length) => (length !== -1 ? length : total === null ? null : total / known));
  },
  call: ({ target_shape: target }, { tf, x }) => tf.reshape(x, [x.shape[0] ?? -1, ...target]),
});

export const permute = defineLayer({
  className: 'Permute',
  schema: {
    type: 'object',
    description: 'The axes of a sample in another order.',
    properties: {
      type: { type: 'string', const: 'permute', description: 'Another order of the axes.' },
      dims: {
        type: 'array',
        items: { type: 'integer', minimum: 1 },
        minItems: 1,
        description: 'The axes in their new order; 1 is the first after the batch.',
      },
    },
    required: ['type', 'dims'],
    additionalProperties: false,
  },
  shape: ({ dims }, [input = []]) => {
    if (
      [...dims].sort((a, b) => a - b).some((axis, place) => axis !== place + 1) ||
      dims.length !== input.length
    ) {
      throw new ShapeError(`has dims [${dims.join(', ')}], but its input is ${shapeText(input)}`);
    }
    return dims.map((axis) => input[axis - 1] ?? null);
  },
  call: ({ dims }, { tf, x }) => tf.transpose(x, [0, ...dims]),
});

export const repeat_vector = defineLayer({
  className: 'RepeatVector',
  schema: {
    type: 'object',
    description: 'A vector n times over, as a sequence.',
    properties: {
      type: { type: 'string', const: 'repeat_vector', description: 'A vector n times over.' },
      n: { type: 'integer', minimum: 1, description: 'How often.' },
    },
    required: ['type', 'n'],
    additionalProperties: false,
  },
  shape: ({ n }, inputs) => [n, ...inputOfRank(inputs, 1, 'vectors [values]')],
  call: ({ n }, { tf, x }) => tf.tile(insertAxis(tf, x, 1), [1, n, 1]),
});
