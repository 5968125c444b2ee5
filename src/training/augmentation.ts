/** `training.augmentation` as a function of a batch, for the training step. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { augment } from '../model/augmentation/augment.ts';
import type { TrainingConfig } from './schema.ts';

export type AugmentBatch = (images: Tensor, labels: Tensor) => Tensor;

/**
 * The changes of a batch [batch, height, width, channels] with labels [batch, units], as tensor
 * ops alone. `valueRange`: lowest and highest value of a pixel as the model takes it.
 */
export function makeAugmentation(
  tf: Engine,
  configs: TrainingConfig['augmentation'],
  classes: readonly string[],
  valueRange: readonly [number, number],
): AugmentBatch {
  if (configs.length === 0) return (images) => images;
  return (images, labels) => {
    const isOf = (chosen: readonly string[]) => isOfClasses(tf, labels, chosen, classes);
    // Augmentations are for pictures, and those have four axes.
    return augment(tf, configs, images as Tensor4D, { valueRange, isOf });
  };
}

/** Which samples are of the chosen classes, bool [batch]. */
function isOfClasses(
  tf: Engine,
  labels: Tensor,
  chosen: readonly string[],
  classes: readonly string[],
): Tensor {
  const wanted = new Set(chosen.map((name) => name.toLowerCase()));
  const column = classes.map((name) => (wanted.has(name.toLowerCase()) ? 1 : 0));
  const perClass = labels.shape[1] === 1 ? tf.concat([tf.sub(1, labels), labels], 1) : labels;
  return tf.greater(tf.sum(tf.mul(perClass, tf.tensor2d([column])), 1), 0.5);
}
