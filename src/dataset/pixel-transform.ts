/**
 * What is done to pixel values on their way from the stored uint8 image into a model, as plain
 * data: x' = (x − mean[c]) · scale[c] per channel, after the channels have been reversed where
 * that is asked for. Stored pixels are never changed by it.
 */
import type { ImageReader } from './open-images.ts';
import type { Affine, PixelStatistics } from './preprocessing/define.ts';
import { stepOf } from './preprocessing/index.ts';
import type { DatasetConfig } from './schema.ts';

export type { PixelStatistics } from './preprocessing/define.ts';

export type PixelTransform = {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** RGB → BGR before anything else; mean and scale are in the order after it. */
  readonly reverse_channels: boolean;
};

/** The preprocessing of Keras's pretrained networks (`imagenet_utils.preprocess_input`, modes). */
export const backbonePreprocessing = {
  /** BGR, minus the ImageNet means, not scaled. */
  caffe: (): PixelTransform => ({
    mean: [103.939, 116.779, 123.68],
    scale: [1, 1, 1],
    reverse_channels: true,
  }),
  /** −1 … 1. */
  tf: (): PixelTransform => uniform(3, 127.5, 1 / 127.5),
  /** 0 … 1, then standardised with ImageNet's mean and standard deviation. */
  torch: (): PixelTransform => ({
    mean: [0.485, 0.456, 0.406].map((mean) => mean * 255),
    scale: [0.229, 0.224, 0.225].map((deviation) => 1 / (deviation * 255)),
    reverse_channels: false,
  }),
  /** 0 … 255 as stored: the network scales by itself. */
  none: (): PixelTransform => uniform(3, 0, 1),
} as const;

export type BackbonePreprocessing = keyof typeof backbonePreprocessing;

const uniform = (channels: number, mean: number, scale: number): PixelTransform => ({
  mean: Array(channels).fill(mean),
  scale: Array(channels).fill(scale),
  reverse_channels: false,
});

type StepsConfig = Pick<DatasetConfig, 'preprocessing'>;

/** Whether the transform takes its numbers from the train part of the fold. */
export const needsStatistics = ({ preprocessing = [] }: StepsConfig): boolean =>
  preprocessing.some((options) => {
    const step = stepOf(options);
    return step.kind === 'pixel' && step.needsStatistics(options);
  });

/** Whether the config itself scales pixel values (with a backbone that is error TL001). */
export const hasPixelSteps = ({ preprocessing = [] }: StepsConfig): boolean =>
  preprocessing.some((options) => stepOf(options).kind === 'pixel');

/**
 * The transform of a dataset's `preprocessing`; without a pixel step in it pixels become 0…1.
 * `statistics`: of the fold's train part, where `needsStatistics` says so.
 */
export function pixelTransform(
  config: StepsConfig,
  channels: number,
  statistics: PixelStatistics | undefined,
): PixelTransform {
  if (!hasPixelSteps(config)) return uniform(channels, 0, 1 / 255);
  const { preprocessing: steps = [] } = config;
  const affines = Array.from({ length: channels }, (_, channel) =>
    steps.reduce<Affine>(
      (before, options) => {
        const step = stepOf(options);
        if (step.kind !== 'pixel') return before;
        const { factor, offset } = step.affine(options, channel, before, statistics);
        return { factor: before.factor * factor, offset: before.offset * factor + offset };
      },
      { factor: 1, offset: 0 },
    ),
  );
  return {
    mean: affines.map(({ factor, offset }) => (offset === 0 ? 0 : -offset / factor)),
    scale: affines.map(({ factor }) => factor),
    reverse_channels: false,
  };
}

/**
 * Mean and standard deviation (n, as `keras.layers.Normalization`) of each channel over the given
 * samples, exact: from counts of the 256 values.
 */
export function pixelStatistics(reader: ImageReader, indices: Uint32Array): PixelStatistics {
  const { channels } = reader.shape;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  const batch = 256;
  for (let start = 0; start < indices.length; start += batch) {
    const pixels = reader.read(indices.subarray(start, start + batch));
    counts.forEach((ofChannel, channel) => {
      for (let index = channel; index < pixels.length; index += channels) {
        const value = pixels[index] ?? 0;
        ofChannel[value] = (ofChannel[value] ?? 0) + 1;
      }
    });
  }
  const moments = counts.map(momentsOfCounts);
  return {
    mean: moments.map(({ mean }) => mean),
    standard_deviation: moments.map(({ deviation }) => deviation),
  };
}

function momentsOfCounts(counts: Float64Array): { mean: number; deviation: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / total;
  const squares = counts.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / total) };
}
