/** Batch normalization with the statistics of the batch, as one TensorFlow op and its gradient. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { attribute, executeMany } from '../op.ts';

export type BatchStatistics = {
  /** Normalized, scaled and shifted; the shape of the input. */
  readonly y: Tensor;
  /** Per channel. No gradient flows through it: it is for the moving average. */
  readonly mean: Tensor;
  /** Per channel, biased (divided by n), as Keras averages it. No gradient flows through it. */
  readonly variance: Tensor;
};

/**
 * Normalizes `x` over all axes but the last, as Keras's BatchNormalization does in training
 * (FusedBatchNormV3 and FusedBatchNormGradV3; any rank is viewed as `[n, 1, 1, channels]`, rank 4
 * as it is). Differentiable in `x`, `gamma` and `beta`, once.
 *
 * @param x float32 `[..., channels]`, rank 2 or more
 * @param gamma scale per channel; undefined for none
 * @param beta offset per channel; undefined for none
 * @param epsilon added to the variance
 */
export function trainBatchNormalization(
  tf: Engine,
  x: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  epsilon: number,
): BatchStatistics {
  return tf.tidy(() => {
    const channels = x.shape.at(-1) ?? 0;
    const images = x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, channels]);
    const scale = gamma ?? tf.ones([channels]);
    const offset = beta ?? tf.zeros([channels]);
    const { y, mean, variance } = normalizeImages(tf, images, scale, offset, epsilon);
    return { y: x.rank === 4 ? y : tf.reshape(y, x.shape), mean, variance };
  });
}

/** `x` is `[batch, height, width, channels]`. */
function normalizeImages(
  tf: Engine,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
): BatchStatistics {
  const common = [
    attribute.type(tf, 'T', 'float32'),
    attribute.type(tf, 'U', 'float32'),
    attribute.float(tf, 'epsilon', epsilon),
    attribute.string(tf, 'data_format', 'NHWC'),
    attribute.bool(tf, 'is_training', true),
  ];
  const averaging = attribute.float(tf, 'exponential_avg_factor', 1);
  const none = tf.tensor1d([], 'float32');
  // Raw ops stay off the tape, so the forward pass runs here and only its gradient is custom.
  const [y, mean, unbiased, ...reserved] = executeMany(
    tf,
    'FusedBatchNormV3',
    [...common, averaging],
    [x, gamma, beta, none, none],
    6,
  );
  if (!y || !mean || !unbiased) throw new Error('FusedBatchNormV3 has six outputs');
  // customGrad types its arguments as a list that ends in the function that saves tensors.
  const withGradient = tf.customGrad(((
    images: Tensor,
    scale: Tensor,
    _offset: Tensor,
    save: (tensors: Tensor[]) => void,
  ) => {
    save([images, scale, ...reserved]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) =>
      executeMany(tf, 'FusedBatchNormGradV3', common, [dy, ...saved], 5).slice(0, 3);
    return { value: y, gradFunc };
  }) as Parameters<typeof tf.customGrad>[0]);
  const n = x.size / (x.shape.at(-1) ?? 1);
  // The op's variance is divided by n − 1.
  const variance = n > 1 ? tf.mul(unbiased, (n - 1) / n) : unbiased;
  return { y: withGradient(x, gamma, beta), mean, variance };
}
