/** Picture and pixel steps against TensorFlow, Keras and NumPy (tests/parity/dataset). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openImages } from './open-images.ts';
import { type Picture, toGrayscale } from './picture.ts';
import {
  backbonePreprocessing,
  type PixelTransform,
  pixelStatistics,
  pixelTransform,
} from './pixel-transform.ts';
import { centerCrop } from './preprocessing/center-crop.ts';
import { histogramEqualization } from './preprocessing/histogram-equalization.ts';
import { resizePicture } from './resize.ts';

const directory = mkdtempSync(join(tmpdir(), 'foldwise-pictures-'));
afterAll(() => rmSync(directory, { recursive: true }));

type StoredPicture = Omit<Picture, 'pixels'> & { pixels: number[] };
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../tests/parity/dataset/fixture.json'), 'utf8'),
);
const picture = ({ pixels, ...shape }: StoredPicture): Picture => ({
  ...shape,
  pixels: Uint8Array.from(pixels),
});

/** Rounded values may differ by one only where the reference lies on the edge, in float32. */
function expectRounded(pixels: Uint8Array, reference: number[]) {
  expect(pixels).toHaveLength(reference.length);
  const worst = Math.max(...reference.map((value, i) => Math.abs(value - (pixels[i] ?? -1))));
  expect(worst).toBeLessThanOrEqual(0.5 + 2e-3);
}

test('resizing is tf.image.resize with antialiasing, smaller and larger', () => {
  expect(fixture.resize).toHaveLength(8);
  for (const { input, height, width, output } of fixture.resize) {
    const resized = resizePicture(picture(input), height, width);
    expect(resized).toMatchObject({ height, width, channels: input.channels });
    expectRounded(resized.pixels, output);
  }
});

test('gray is tf.image.rgb_to_grayscale', () => {
  expectRounded(toGrayscale(picture(fixture.grayscale.input)).pixels, fixture.grayscale.output);
});

test('the middle is that of keras.layers.CenterCrop', () => {
  for (const { input, size, output } of fixture.center_crop) {
    const cropped = centerCrop.apply({ type: 'center_crop', size }, picture(input));
    expect([...cropped.pixels]).toEqual(output);
  }
});

test('histogram equalization is OpenCV’s, channel by channel', () => {
  for (const { input, output } of fixture.histogram_equalization) {
    const config = { type: 'histogram_equalization' } as const;
    expect([...histogramEqualization.apply(config, picture(input)).pixels]).toEqual(output);
  }
});

/** x' = (x − mean) · scale, as the model does it. */
function transformed({ mean, scale, reverse_channels }: PixelTransform, pixels: readonly number[]) {
  const channels = mean.length;
  return pixels.map((_, index) => {
    const channel = index % channels;
    const source = reverse_channels ? index - channel + (channels - 1 - channel) : index;
    return ((pixels[source] ?? 0) - (mean[channel] ?? 0)) * (scale[channel] ?? 1);
  });
}

function expectClose(values: number[], reference: number[], digits: number) {
  expect(values).toHaveLength(reference.length);
  for (const [index, value] of values.entries()) {
    expect(value).toBeCloseTo(reference[index] ?? Number.NaN, digits);
  }
}

test.each(['caffe', 'tf', 'torch'] as const)('mode %s is Keras’s preprocess_input', (mode) => {
  const { pixels } = fixture.grayscale.input as StoredPicture;
  // The fixture has the first 2 × 3 pixels of the 17 columns.
  const corner = [...pixels.slice(0, 9), ...pixels.slice(17 * 3, 17 * 3 + 9)];
  expectClose(transformed(backbonePreprocessing[mode](), corner), fixture.backbone[mode], 4);
});

test('mode none leaves pixels as they are', () => {
  expect(transformed(backbonePreprocessing.none(), [0, 128, 255])).toEqual([0, 128, 255]);
});

test('standardize has the statistics of keras.layers.Normalization', () => {
  const { images, mean, variance, output } = fixture.standardize;
  const path = join(directory, 'images.u8');
  writeFileSync(path, Buffer.concat(images.map((pixels: number[]) => Buffer.from(pixels))));
  const reader = openImages({ path, samples: images.length, height: 4, width: 4, channels: 3 });
  const statistics = pixelStatistics(reader, Uint32Array.from(images.keys()));
  reader.close();
  expectClose([...statistics.mean], mean, 3);
  expectClose(
    statistics.standard_deviation.map((deviation) => deviation ** 2),
    variance,
    1,
  );
  const step = { type: 'standardize', mean: undefined, standard_deviation: undefined } as const;
  const alone = pixelTransform({ preprocessing: [step] }, 3, statistics);
  expectClose(transformed(alone, images[0]), output, 4);
  // After any rescaling standardised values are the same.
  const rescale = { type: 'rescale', scale: 0.02, offset: -3 } as const;
  const both = pixelTransform({ preprocessing: [rescale, step] }, 3, statistics);
  expectClose(transformed(both, images[0]), output, 4);
});
