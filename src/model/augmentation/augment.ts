import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { randomStream } from '../../engine/random.ts';
import { withDefaults } from '../defaults.ts';
import type { AnyAugmentation } from './define.ts';
import { augmentations } from './index.ts';

export type AugmentationConfig = {
  readonly type: keyof typeof augmentations;
  readonly [option: string]: unknown;
};

/**
 * The batch after all augmentations in turn, same shape [batch, height, width, channels]; draws
 * come from the process's random stream. `valueRange` is the range of the pixels.
 */
export function augment(
  tf: Engine,
  configs: readonly AugmentationConfig[],
  batch: Tensor4D,
  valueRange: readonly [number, number] = [0, 1],
): Tensor4D {
  const random = randomStream(tf);
  return tf.tidy(() =>
    configs.reduce((images, config) => {
      // Members differ in their options; the schema checked that they fit the type.
      const { schema, apply } = augmentations[config.type] as unknown as AnyAugmentation;
      const options = withDefaults(schema, config);
      // An augmentation keeps the shape.
      return apply(options, { tf, images, random, valueRange }) as Tensor4D;
    }, tf.clone(batch)),
  );
}
