import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';

/**
 * A dilated convolution as a plain one on interleaved pieces of the input (à trous, as
 * tf.nn.with_space_to_batch): TensorFlow's CPU kernels have no gradient of dilated ones.
 *
 * @param convolve the convolution without padding and with stride 1
 */
export function dilate(
  tf: Engine,
  x: Tensor,
  sizes: readonly number[],
  dilations: readonly number[],
  padding: 'valid' | 'same',
  convolve: (pieces: Tensor) => Tensor,
): Tensor {
  const around = sizes.map((size, axis): [number, number] => {
    const total = padding === 'same' ? (size - 1) * (dilations[axis] ?? 1) : 0;
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  const padded = padding === 'same' ? tf.pad(x, [[0, 0], ...around, [0, 0]]) : x;
  // Each axis has to be a multiple of its dilation; what is added is cut off again.
  const added = dilations.map((dilation, axis) => {
    const over = (padded.shape[axis + 1] ?? 1) % dilation;
    return [0, over === 0 ? 0 : dilation - over];
  });
  const pieces = tf.spaceToBatchND(padded, [...dilations], added);
  return tf.batchToSpaceND(convolve(pieces), [...dilations], added);
}
