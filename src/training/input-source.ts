/** Where the batches that go into a model come from: stored images, or anything else by index. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { ImageReader } from '../dataset/open-images.ts';
import type { PixelTransform } from '../dataset/pixel-transform.ts';
import type { Engine } from '../engine/engine.ts';

export type InputSource = {
  /** Shape of one sample as the model takes it. */
  readonly shape: readonly number[];
  /** Lowest and highest value that a pixel can have, where samples are pictures. */
  readonly valueRange?: readonly [number, number] | undefined;
  /** float32 [indices, …shape], already transformed; the caller disposes of it. */
  read(indices: Uint32Array): Tensor;
};

/** uint8 images, transformed as they are read. */
export function imageInput(
  tf: Engine,
  images: ImageReader,
  transform: PixelTransform,
): InputSource {
  const { height, width, channels } = images.shape;
  const { mean, scale, reverse_channels } = transform;
  const shape = [height, width, channels];
  const ends = scale.flatMap((factor, channel) =>
    [0, 255].map((value) => (value - (mean[channel] ?? 0)) * factor),
  );
  return {
    shape,
    valueRange: [Math.min(...ends), Math.max(...ends)],
    read: (indices) =>
      tf.tidy(() => {
        const pixels = new Float32Array(images.read(indices));
        const stored: Tensor = tf.tensor(pixels, [indices.length, ...shape]);
        const ordered = reverse_channels ? tf.reverse(stored, -1) : stored;
        const centred = mean.every((value) => value === 0)
          ? ordered
          : tf.sub(ordered, tf.tensor1d([...mean]));
        return scale.every((value) => value === 1)
          ? centred
          : tf.mul(centred, tf.tensor1d([...scale]));
      }),
  };
}
