/**
 * Bilinear resizing with antialiasing: `tf.image.resize(method='bilinear', antialias=True)`, which
 * is also what Pillow's BILINEAR means. Enlarging it is plain bilinear with half-pixel centres;
 * shrinking, the triangle widens so that every source pixel counts.
 */
import type { Picture } from './picture.ts';

/** For each output position the first source position and the weights from there on. */
type Taps = { readonly start: number; readonly weights: Float64Array }[];

function triangleTaps(from: number, to: number): Taps {
  const scale = from / to;
  const radius = Math.max(scale, 1);
  return Array.from({ length: to }, (_, position) => {
    const center = (position + 0.5) * scale;
    const start = Math.max(0, Math.ceil(center - radius - 0.5));
    const end = Math.min(from - 1, Math.floor(center + radius - 0.5));
    const weights = new Float64Array(end - start + 1);
    let sum = 0;
    for (let index = 0; index < weights.length; index++) {
      const weight = Math.max(0, 1 - Math.abs(start + index + 0.5 - center) / radius);
      weights[index] = weight;
      sum += weight;
    }
    return { start, weights: weights.map((weight) => weight / sum) };
  });
}

/** The picture at another size, values rounded to the nearest integer. */
export function resizePicture(picture: Picture, height: number, width: number): Picture {
  if (picture.height === height && picture.width === width) return picture;
  const { channels } = picture;
  const rows = resampleRows(picture, triangleTaps(picture.height, height));
  const pixels = new Uint8Array(height * width * channels);
  triangleTaps(picture.width, width).forEach(({ start, weights }, x) => {
    for (let y = 0; y < height; y++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let source = (y * picture.width + start) * channels + channel;
        for (let tap = 0; tap < weights.length; tap++, source += channels) {
          sum += (weights[tap] ?? 0) * (rows[source] ?? 0);
        }
        pixels[(y * width + x) * channels + channel] = Math.round(sum);
      }
    }
  });
  return { height, width, channels, pixels };
}

/** The vertical pass: [output rows, width, channels] in float64. */
function resampleRows({ width, channels, pixels }: Picture, taps: Taps): Float64Array {
  const stride = width * channels;
  const rows = new Float64Array(taps.length * stride);
  taps.forEach(({ start, weights }, y) => {
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap] ?? 0;
      const source = (start + tap) * stride;
      for (let index = 0; index < stride; index++) {
        const target = y * stride + index;
        rows[target] = (rows[target] ?? 0) + weight * (pixels[source + index] ?? 0);
      }
    }
  });
  return rows;
}
