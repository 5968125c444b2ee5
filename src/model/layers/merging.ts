/** Layers with several inputs, as Keras's merging layers. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Shape } from '../graph.ts';
import { defineLayer, ShapeError } from './define.ts';
import { shapeText } from './sizes.ts';

/** The common shape of all inputs; lengths of 1 stretch. */
function broadcast(inputs: readonly Shape[]): Shape {
  const rank = Math.max(...inputs.map((shape) => shape.length));
  const several = inputs.map(shapeText).join(' and ');
  if (inputs.some((shape) => shape.length !== rank)) {
    throw new ShapeError(`takes inputs of one shape, but gets ${several}`);
  }
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = [...new Set(inputs.map((shape) => shape[axis] ?? null))].filter((n) => n !== 1);
    const fixed = lengths.filter((length) => length !== null);
    if (fixed.length > 1) {
      throw new ShapeError(`takes inputs of one shape, but gets ${several}`);
    }
    return lengths.length === 0 ? 1 : (fixed[0] ?? null);
  });
}

const elementwise = <const Type extends string>(
  type: Type,
  className: string,
  what: string,
  merge: (tf: Engine, left: Tensor, right: Tensor) => Tensor,
  exactly?: 2,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: `${what} of its inputs, element by element.`,
      properties: { type: { type: 'string', const: type, description: `${what} of its inputs.` } },
      required: ['type'],
      additionalProperties: false,
    },
    inputs: 'many',
    shape: (_config, inputs) => {
      if (inputs.length < 2 || inputs.length > (exactly ?? inputs.length)) {
        throw new ShapeError(
          `takes ${exactly ? 'two' : 'several'} inputs, but gets ${inputs.length}`,
        );
      }
      return broadcast(inputs);
    },
    call: (_config, { tf, inputs }) => {
      const merged = inputs.reduce((left, right) => merge(tf, left, right));
      return type === 'average' ? tf.div(merged, inputs.length) : merged;
    },
  });

export const add = elementwise('add', 'Add', 'Sum', (tf, a, b) => tf.add(a, b));
export const subtract = elementwise(
  'subtract',
  'Subtract',
  'Difference',
  (tf, a, b) => tf.sub(a, b),
  2,
);
export const multiply = elementwise('multiply', 'Multiply', 'Product', (tf, a, b) => tf.mul(a, b));
export const average = elementwise('average', 'Average', 'Mean', (tf, a, b) => tf.add(a, b));
export const maximum = elementwise('maximum', 'Maximum', 'Maximum', (tf, a, b) => tf.maximum(a, b));
export const minimum = elementwise('minimum', 'Minimum', 'Minimum', (tf, a, b) => tf.minimum(a, b));

/** Index into the shape without the batch axis; negative ones count from the end. */
function sampleAxis(axis: number, rank: number): number {
  const index = axis < 0 ? rank + axis : axis - 1;
  if (axis === 0 || index < 0 || index >= rank) {
    throw new ShapeError(`has axis ${axis}, but its inputs have the axes 1 to ${rank}`);
  }
  return index;
}

export const concatenate = defineLayer({
  className: 'Concatenate',
  schema: {
    type: 'object',
    description: 'Its inputs side by side along one axis.',
    properties: {
      type: { type: 'string', const: 'concatenate', description: 'Inputs side by side.' },
      axis: {
        type: 'integer',
        default: -1,
        description: 'The axis that grows: −1 is the last (channels), 1 the first after the batch.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  inputs: 'many',
  shape: ({ axis }, inputs) => {
    const [first = []] = inputs;
    const along = sampleAxis(axis, first.length);
    const rest = (shape: Shape): string => shapeText(shape.filter((_, index) => index !== along));
    if (inputs.some((shape) => shape.length !== first.length || rest(shape) !== rest(first))) {
      throw new ShapeError(
        `puts inputs together that differ in more than axis ${axis}: ${inputs.map(shapeText).join(' and ')}`,
      );
    }
    const lengths = inputs.map((shape) => shape[along] ?? null);
    const total = lengths.reduce((sum, n) => (sum === null || n === null ? null : sum + n));
    return first.map((length, index) => (index === along ? total : length));
  },
  call: ({ axis }, { tf, x, inputs }) => tf.concat([...inputs], axis < 0 ? x.rank + axis : axis),
});

export const dot = defineLayer({
  className: 'Dot',
  schema: {
    type: 'object',
    description: 'Sums of products of two inputs along one axis of each.',
    properties: {
      type: { type: 'string', const: 'dot', description: 'Sums of products.' },
      axes: {
        description: 'The axis, or one for each input; 1 is the first after the batch.',
        anyOf: [
          { type: 'integer' },
          { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
        ],
      },
      normalize: {
        type: 'boolean',
        default: false,
        description: 'Bring both to length 1 first: the cosine of their angle.',
      },
    },
    required: ['type', 'axes'],
    additionalProperties: false,
  },
  inputs: 'many',
  shape: ({ axes }, inputs) => {
    const [left, right] = inputs;
    if (left === undefined || right === undefined || inputs.length > 2) {
      throw new ShapeError(`takes two inputs, but gets ${inputs.length}`);
    }
    const [first, second] = typeof axes === 'number' ? [axes, axes] : axes;
    const a = sampleAxis(first ?? -1, left.length);
    const b = sampleAxis(second ?? -1, right.length);
    if (left[a] !== right[b]) {
      throw new ShapeError(
        `sums ${shapeText(left)} and ${shapeText(right)} along axes that differ`,
      );
    }
    const rest = [
      ...left.filter((_, axis) => axis !== a),
      ...right.filter((_, axis) => axis !== b),
    ];
    return rest.length === 0 ? [1] : rest;
  },
  call: ({ axes, normalize }, { tf, inputs: [left, right] }) => {
    if (left === undefined || right === undefined) throw new Error('dot was called with one input');
    const [first, second] = typeof axes === 'number' ? [axes, axes] : axes;
    const a = sampleAxis(first ?? -1, left.rank - 1) + 1;
    const b = sampleAxis(second ?? -1, right.rank - 1) + 1;
    const unit = (x: Tensor, axis: number): Tensor =>
      normalize ? tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), axis, true), 1e-12))) : x;
    const [batch = 0] = left.shape;
    const length = left.shape[a] ?? 1;
    // [batch, rest, length] · [batch, length, rest]
    const lead = tf.reshape(moveLast(tf, unit(left, a), a), [batch, -1, length]);
    const follow = tf.reshape(moveLast(tf, unit(right, b), b), [batch, -1, length]);
    const rest = [
      ...left.shape.filter((_, axis) => axis > 0 && axis !== a),
      ...right.shape.filter((_, axis) => axis > 0 && axis !== b),
    ];
    return tf.reshape(tf.matMul(lead, follow, false, true), [
      batch,
      ...(rest.length === 0 ? [1] : rest),
    ]);
  },
});

/** The tensor with one axis brought to the end. */
const moveLast = (tf: Engine, x: Tensor, axis: number): Tensor => {
  const order = x.shape.map((_, index) => index).filter((index) => index !== axis);
  return tf.transpose(x, [...order, axis]);
};
