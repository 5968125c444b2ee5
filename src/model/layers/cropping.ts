/** Zeros around the edges, or edges cut off, in one to three dimensions. */
import { defineLayer, ShapeError } from './define.ts';
import { shapeText, spatialInput } from './sizes.ts';

const amount = { type: 'integer', minimum: 0 } as const;

/** Keras's forms: one number for all, one per axis, or before and after for each axis. */
const edges = <Rank extends number>(rank: Rank, value: number, what: string) =>
  ({
    description:
      rank === 1
        ? `${what}: one number for both ends, or [before, after].`
        : `${what}: one number for all edges, one for each axis, or [before, after] for each axis.`,
    default: value,
    anyOf: [
      amount,
      {
        type: 'array',
        items: { anyOf: [amount, { type: 'array', items: amount, minItems: 2, maxItems: 2 }] },
        minItems: rank === 1 ? 2 : rank,
        maxItems: rank === 1 ? 2 : rank,
      },
    ],
  }) as const;

type Edges = number | readonly (number | readonly number[])[];

/** [before, after] for each axis. */
function pairs(value: Edges, rank: number): [number, number][] {
  if (typeof value === 'number') return Array.from({ length: rank }, () => [value, value]);
  if (rank === 1 && typeof value[0] === 'number') return [[value[0], Number(value[1])]];
  return value.map((edge) =>
    typeof edge === 'number' ? [edge, edge] : [edge[0] ?? 0, edge[1] ?? 0],
  );
}

const zeroPadding = <const Type extends string, Rank extends 1 | 2 | 3>(
  type: Type,
  className: string,
  rank: Rank,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Puts zeros around its input.',
      properties: {
        type: { type: 'string', const: type, description: 'Zeros around the input.' },
        padding: edges(rank, 1, 'How many zeros'),
      },
      required: ['type'],
      additionalProperties: false,
    },
    shape: (config, inputs) => {
      const { lengths, channels } = spatialInput(inputs, rank);
      const around = pairs(config.padding, rank).map(([before, after]) => before + after);
      const padded = lengths.map((length, axis) =>
        length === null ? null : length + (around[axis] ?? 0),
      );
      return [...padded, channels];
    },
    call: (config, { tf, x }) => tf.pad(x, [[0, 0], ...pairs(config.padding, rank), [0, 0]]),
  });

const cropping = <const Type extends string, Rank extends 1 | 2 | 3>(
  type: Type,
  className: string,
  rank: Rank,
) =>
  defineLayer({
    className,
    schema: {
      type: 'object',
      description: 'Cuts the edges of its input off.',
      properties: {
        type: { type: 'string', const: type, description: 'Edges cut off.' },
        cropping: edges(rank, rank === 2 ? 0 : 1, 'How much is cut'),
      },
      required: ['type'],
      additionalProperties: false,
    },
    shape: (config, inputs) => {
      const { lengths, channels, shape } = spatialInput(inputs, rank);
      const cuts = pairs(config.cropping, rank).map(([before, after]) => before + after);
      const left = lengths.map((length, axis) =>
        length === null ? null : length - (cuts[axis] ?? 0),
      );
      if (left.some((length) => length !== null && length <= 0)) {
        throw new ShapeError(
          `cuts ${shapeText(cuts)} off ${shapeText(shape)}, which leaves nothing`,
        );
      }
      return [...left, channels];
    },
    call: (config, { tf, x }) => {
      const cuts = pairs(config.cropping, rank);
      const begin = [0, ...cuts.map(([before]) => before), 0];
      const end = [0, ...cuts.map(([, after]) => after), 0];
      return tf.slice(
        x,
        begin,
        x.shape.map((length, axis) => length - (begin[axis] ?? 0) - (end[axis] ?? 0)),
      );
    },
  });

export const zero_padding1d = zeroPadding('zero_padding1d', 'ZeroPadding1D', 1);
export const zero_padding2d = zeroPadding('zero_padding2d', 'ZeroPadding2D', 2);
export const zero_padding3d = zeroPadding('zero_padding3d', 'ZeroPadding3D', 3);
export const cropping1d = cropping('cropping1d', 'Cropping1D', 1);
export const cropping2d = cropping('cropping2d', 'Cropping2D', 2);
export const cropping3d = cropping('cropping3d', 'Cropping3D', 3);
