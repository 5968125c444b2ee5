import { backboneOf } from './backbone.ts';
import { defineRule } from './define.ts';

/** Enlarging beyond this adds arithmetic and no information. */
const mostUpscaling = 2;

export const TL003 = defineRule({
  id: 'TL003',
  severity: 'warning',
  needs: 'config',
  description: 'Images enlarged more than twofold for the backbone: cost without information.',
  check: ({ config, description, dataset }) => {
    const image = dataset?.images ?? description.image;
    const size = backboneOf(config.model)?.input_size;
    const [height, width] = Array.isArray(size) ? size.map(Number) : [Number(size), Number(size)];
    if (!image || height === undefined || width === undefined) return [];
    const factor = Math.max(height / image.height, width / image.width);
    // NaN where no input_size is given.
    if (!(factor > mostUpscaling)) return [];
    const pixels = (height * width) / (image.height * image.width);
    return [
      {
        path: ['model', 'backbone', 'input_size'],
        message: `${image.height}×${image.width} enlarged to ${height}×${width}: ${pixels.toFixed(1)} times the pixels at cost only`,
        hint: `${mostUpscaling * image.height} is twice the image's own size`,
      },
    ];
  },
});
