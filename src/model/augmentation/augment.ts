import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { randomStream } from '../../engine/random.ts';
import { withDefaults } from '../defaults.ts';
import type { AnyAugmentation } from './define.ts';
import { type AugmentationConfig, augmentations } from './index.ts';

export type AugmentOptions = {
  /** Lowest and highest pixel value of the batch; default 0 to 1. */
  readonly valueRange?: readonly [number, number] | undefined;
  /** Which images are of these classes, bool [batch]; asked for entries that name classes. */
  readonly isOf?: ((classes: readonly string[]) => Tensor) | undefined;
};

/**
 * The batch after all augmentations in turn, same shape [batch, height, width, channels]. Draws
 * come from the process's random stream, so the same state of it gives the same images.
 */
export function augment(
  tf: Engine,
  configs: readonly AugmentationConfig[],
  batch: Tensor4D,
  { valueRange = [0, 1], isOf }: AugmentOptions = {},
): Tensor4D {
  const random = randomStream(tf);
  return tf.tidy(() =>
    configs.reduce((images, config) => {
      // Members differ in their options; the schema checked that they fit the type.
      const { schema, apply } = augmentations[config.type] as unknown as AnyAugmentation;
      const options = withDefaults(schema, config);
      const changed = apply(options, { tf, images, random, valueRange });
      const chosen = config.classes && isOf?.(config.classes);
      const result = chosen
        ? tf.where(tf.reshape(chosen, [-1, 1, 1, 1]), changed, images)
        : changed;
      // An augmentation keeps the shape.
      return result as Tensor4D;
    }, tf.clone(batch)),
  );
}
