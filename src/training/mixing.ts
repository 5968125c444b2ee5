/**
 * mixup (Zhang 2018) and cutmix (Yun 2019) as one thing: a mask [1, height, width, 1] of how much
 * of each image stays. The rest comes from the batch in reverse order (batches are shuffled, so
 * that is a random partner), and labels are mixed by the mask's mean.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { symmetricBeta } from './draws.ts';
import type { TrainingConfig } from './schema.ts';

/** The mask of one batch, row-major [height, width]; both options given: one by coin toss. */
export function mixingMask(
  { mixup, cutmix }: Pick<TrainingConfig, 'mixup' | 'cutmix'>,
  height: number,
  width: number,
  draw: () => number,
): Float32Array {
  const chosen = mixup && cutmix ? (draw() < 0.5 ? { mixup } : { cutmix }) : { mixup, cutmix };
  const mask = new Float32Array(height * width);
  if (chosen.cutmix === undefined) {
    return mask.fill(chosen.mixup ? symmetricBeta(chosen.mixup.alpha, draw) : 1);
  }
  const side = Math.sqrt(1 - symmetricBeta(chosen.cutmix.alpha, draw));
  const [top, bottom] = interval(side, height, draw);
  const [left, right] = interval(side, width, draw);
  mask.fill(1);
  for (let row = top; row < bottom; row++) mask.fill(0, row * width + left, row * width + right);
  return mask;
}

/** A stretch of `side` times the length around a random centre, cut off at the borders. */
function interval(side: number, length: number, draw: () => number): [number, number] {
  const centre = Math.floor(draw() * length);
  const half = Math.floor((side * length) / 2);
  return [Math.max(0, centre - half), Math.min(length, centre + half)];
}

/** A batch [batch, height, width, channels] and its labels [batch, units], mixed by the mask. */
export function mixBatch(
  tf: Engine,
  images: Tensor,
  labels: Tensor,
  mask: Tensor,
): { images: Tensor; labels: Tensor } {
  const blend = (own: Tensor, share: Tensor) =>
    tf.add(tf.mul(own, share), tf.mul(tf.reverse(own, 0), tf.sub(1, share)));
  return { images: blend(images, mask), labels: blend(labels, tf.mean(mask)) };
}
