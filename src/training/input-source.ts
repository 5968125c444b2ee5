/**
 * Where the batches that go into a model come from: stored images, or anything else by index.
 * What is read is cheap to make; turning it into samples is tensor ops, and so a part of the
 * recorded graphs.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { ImageReader } from '../dataset/open-images.ts';
import type { PixelTransform } from '../dataset/pixel-transform.ts';
import type { Engine } from '../engine/engine.ts';
import { packBytes, unpackBytes } from '../engine/packed-bytes.ts';

export type InputSource = {
  /** Shape of one sample as the model takes it. */
  readonly shape: readonly number[];
  /** Lowest and highest value that a pixel can have, where samples are pictures. */
  readonly valueRange?: readonly [number, number] | undefined;
  /** Samples as they are stored, [indices, …]; the caller disposes of it. */
  read(indices: Uint32Array): Tensor;
  /** What `read` gave as the model takes it: float32 [samples, …shape]. Tensor ops alone. */
  decode(stored: Tensor): Tensor;
};

/** uint8 images; decoding is the pixel transform. */
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
    read: (indices) => packBytes(tf, images.read(indices), indices.length),
    decode: (stored) =>
      tf.tidy(() => {
        const values = unpackBytes(tf, stored, height * width * channels);
        const pixels: Tensor = tf.reshape(values, [stored.shape[0] ?? 0, ...shape]);
        const ordered = reverse_channels ? tf.reverse(pixels, -1) : pixels;
        const centred = mean.every((value) => value === 0)
          ? ordered
          : tf.sub(ordered, tf.tensor1d([...mean]));
        return scale.every((value) => value === 1)
          ? centred
          : tf.mul(centred, tf.tensor1d([...scale]));
      }),
  };
}
