/**
 * What an augmentation is: options and a random change of a batch of images. Each entry serves
 * `training.augmentation` and, as a layer that acts in training only, `model.layers`.
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { RandomStream } from '../../engine/random.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';

export type AugmentationCall = {
  readonly tf: Engine;
  /** [batch, height, width, channels]. */
  readonly images: Tensor4D;
  /** The fold's stream, which all draws come from. */
  readonly random: RandomStream;
  /** Lowest and highest value of a pixel, where the options do not say. */
  readonly valueRange: readonly [number, number];
};

export type AugmentationDefinition<S extends ObjectSchema, Options = Infer<S>> = {
  /** Keras's class, for saved models. */
  readonly className: string;
  readonly schema: S;
  /** The changed batch, each image by draws of its own; same shape. */
  apply(config: Options, call: AugmentationCall): Tensor;
};

/** An entry whose options are not known by type. */
export type AnyAugmentation = AugmentationDefinition<
  ObjectSchema,
  Readonly<Record<string, unknown>>
>;

export const defineAugmentation = <const S extends ObjectSchema>(
  definition: AugmentationDefinition<S>,
): AugmentationDefinition<S> => definition;

/** A number f means [−f, f]; a pair means itself. */
export type Factor = number | readonly number[];

export const factor = (description: string) =>
  ({
    description: `${description}: f for −f…f, or [lowest, highest].`,
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    ],
  }) as const;

/** One draw per image within the factor's range, [batch, 1]. */
export function drawFactor({ images, random }: AugmentationCall, value: Factor): Tensor {
  const [lowest = 0, highest = 0] = typeof value === 'number' ? [-value, value] : value;
  return random.uniform([images.shape[0], 1], lowest, highest);
}

export const valueRange = {
  description:
    'Lowest and highest pixel value that the result is cut to; null is the range of the pixels as the training part has them (0 to 1 in a layer).',
  default: null,
  anyOf: [{ type: 'null' }, { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 }],
} as const;

/** The range to cut to. */
export const rangeOf = (
  given: readonly number[] | null,
  call: AugmentationCall,
): readonly [number, number] => [
  given?.[0] ?? call.valueRange[0],
  given?.[1] ?? call.valueRange[1],
];
