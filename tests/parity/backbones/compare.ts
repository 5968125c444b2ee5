/** What the comparisons of backbones with Keras share. */
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../../src/engine/engine.ts';
import type { BackboneType } from '../../../src/model/backbones/index.ts';
import { preprocessingOf } from '../../../src/model/backbones/preprocessing.ts';

/** uint8 pictures [n, size, size, 3] as the backbone takes them. */
export function networkInput(
  tf: Engine,
  type: BackboneType,
  pictures: Uint8Array,
  size: number,
): Tensor4D {
  const { mean, scale, reverse_channels: isReversed } = preprocessingOf({ type }, 3);
  return tf.tidy(() => {
    const pixels = tf.tensor4d(Float32Array.from(pictures), [
      pictures.length / (size * size * 3),
      size,
      size,
      3,
    ]);
    const ordered = isReversed ? tf.reverse(pixels, -1) : pixels;
    return tf.mul(tf.sub(ordered, tf.tensor1d([...mean])), tf.tensor1d([...scale]));
  });
}

/** The largest wanted value and the largest difference from it, both absolute. */
export function compare(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
): { largest: number; difference: number } {
  let largest = 0;
  let difference = found.length === wanted.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < wanted.length; index += 1) {
    const value = wanted[index] ?? 0;
    largest = Math.max(largest, Math.abs(value));
    const gap = Math.abs(value - (found[index] ?? 0));
    // NaN is a difference too.
    difference = gap <= difference ? difference : gap;
  }
  return { largest, difference: Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference };
}
