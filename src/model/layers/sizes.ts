/** Sizes, strides and shapes: schemas of the options and the arithmetic on them. */
import type { Shape } from '../graph.ts';
import { ShapeError } from './define.ts';

/** One size for all axes, or one for each. */
export type Size = number | readonly number[];

const integer = (minimum: number) => ({ type: 'integer', minimum }) as const;

/** A positive size per axis; one number means the same along each. */
export const size = <Rank extends number>(rank: Rank, description: string) =>
  ({
    description: rank === 1 ? description : `${description}: one number, or one for each axis`,
    anyOf: [integer(1), { type: 'array', items: integer(1), minItems: rank, maxItems: rank }],
  }) as const;

/** A size that has a default. */
export const sizeOr = <Rank extends number, const Value extends Size>(
  rank: Rank,
  value: Value,
  description: string,
) => ({ ...size(rank, description), default: value }) as const;

/** A size that is null (something else's) by default. */
export const optionalSize = <Rank extends number>(rank: Rank, description: string) =>
  ({
    description,
    default: null,
    anyOf: [
      { type: 'null' },
      integer(1),
      { type: 'array', items: integer(1), minItems: rank, maxItems: rank },
    ],
  }) as const;

export const padding = {
  type: 'string',
  enum: ['valid', 'same'],
  default: 'valid',
  description: '`valid`: windows inside the input only; `same`: zeros around it.',
} as const;
export type Padding = 'valid' | 'same' | 'causal';

/**
 * A count that may be the word `classes`. The word is replaced by the number of classes before a
 * layer sees its options, so their type is a number.
 */
export const count = (description: string) =>
  ({
    description,
    anyOf: [integer(1), { type: 'string', const: 'classes' }],
  }) as unknown as { readonly type: 'integer'; readonly description: string };

/** One size per axis. */
export const perAxis = (value: Size, rank: number): number[] =>
  typeof value === 'number' ? Array<number>(rank).fill(value) : [...value];

/** `[48, 48, 1]`, with ? for a length that is not fixed. */
export const shapeText = (shape: Shape): string =>
  `[${shape.map((length) => length ?? '?').join(', ')}]`;

/** The only input, of the given rank (without the batch axis). */
export function inputOfRank(inputs: readonly Shape[], rank: number, form: string): Shape {
  const [shape] = inputs;
  if (shape === undefined || shape.length !== rank) {
    throw new ShapeError(`takes ${form}, but its input has the shape ${shapeText(shape ?? [])}`);
  }
  return shape;
}

const forms: Readonly<Record<number, string>> = {
  1: 'sequences [steps, channels]',
  2: 'images [height, width, channels]',
  3: 'volumes [depth, height, width, channels]',
};

/** The only input as spatial lengths and channels. */
export function spatialInput(
  inputs: readonly Shape[],
  rank: number,
): { lengths: Shape; channels: number; shape: Shape } {
  const shape = inputOfRank(inputs, rank + 1, forms[rank] ?? `rank ${rank + 1}`);
  return { shape, lengths: shape.slice(0, -1), channels: lastLength(shape) };
}

/** Length of the last axis, which has to be fixed. */
export function lastLength(shape: Shape): number {
  const length = shape.at(-1);
  if (length === undefined || length === null) {
    throw new ShapeError(`needs a fixed length of the last axis, but gets ${shapeText(shape)}`);
  }
  return length;
}

/** Product of the lengths, or null when one is not fixed. */
export const elements = (shape: Shape): number | null =>
  shape.reduce<number | null>(
    (product, length) => (product === null || length === null ? null : product * length),
    1,
  );

export type Windows = {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[] | undefined;
  readonly padding: Padding;
};

/** How many windows fit along each axis (Keras: compute_conv_output_shape). */
export function windowCounts(lengths: Shape, windows: Windows, shape: Shape): Shape {
  return lengths.map((length, axis) => {
    if (length === null) return null;
    const stride = windows.strides[axis] ?? 1;
    if (windows.padding !== 'valid') return Math.ceil(length / stride);
    const reach = ((windows.sizes[axis] ?? 1) - 1) * (windows.dilations?.[axis] ?? 1) + 1;
    if (reach > length) {
      throw new ShapeError(
        `slides a window of ${windows.sizes.join('×')}${reach > (windows.sizes[axis] ?? 1) ? ' (dilated)' : ''} over ${shapeText(shape)}, which is smaller`,
      );
    }
    return Math.floor((length - reach) / stride) + 1;
  });
}
