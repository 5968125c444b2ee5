/** Where images come from: `dataset.source.type`. */
import type { SourceDefinition } from './define.ts';
import { ferCsv } from './fer-csv.ts';
import { imageFolder } from './image-folder.ts';
import { jaffe } from './jaffe.ts';
import { pixelCsv } from './pixel-csv.ts';
import { syntheticFaces } from './synthetic-faces.ts';

export const sources = {
  fer_csv: ferCsv,
  pixel_csv: pixelCsv,
  image_folder: imageFolder,
  jaffe,
  synthetic_faces: syntheticFaces,
};

/** The registry entry of a source; the key is the schema's `type`, which ajv has checked. */
export const sourceOf = (config: { readonly type: keyof typeof sources }): SourceDefinition =>
  sources[config.type];
