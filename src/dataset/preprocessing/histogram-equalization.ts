import type { Picture } from '../picture.ts';
import { definePictureStep } from './define.ts';

/** OpenCV's `equalizeHist`, each channel on its own. */
export const histogramEqualization = definePictureStep({
  schema: {
    type: 'object',
    description: 'Spreads the gray values of each picture evenly, as OpenCV equalizeHist.',
    properties: {
      type: {
        type: 'string',
        const: 'histogram_equalization',
        description: 'Spread the gray values evenly.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  shape: (_, input) => input,
  apply(_, picture) {
    const pixels = new Uint8Array(picture.pixels.length);
    for (let channel = 0; channel < picture.channels; channel++) equalize(picture, channel, pixels);
    return { ...picture, pixels };
  },
});

function equalize({ pixels, channels }: Picture, channel: number, result: Uint8Array): void {
  const counts = new Uint32Array(256);
  for (let index = channel; index < pixels.length; index += channels) {
    const value = pixels[index] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const total = pixels.length / channels;
  const lowest = counts.findIndex((count) => count > 0);
  const rest = total - (counts[lowest] ?? 0);
  const table = new Uint8Array(256);
  let below = 0;
  for (let value = lowest; value < 256; value++) {
    if (value > lowest) below += counts[value] ?? 0;
    // A picture of one value stays as it is.
    table[value] = rest === 0 ? value : roundHalfToEven((below * 255) / rest);
  }
  for (let index = channel; index < pixels.length; index += channels) {
    result[index] = table[pixels[index] ?? 0] ?? 0;
  }
}

/** OpenCV rounds as the processor does, halves to the even neighbour. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
