/** Weights of a saved tfjs model: `model.json` and its binary files, matched by layer name. */
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type StoredWeight, unfit, type WeightFile } from './stored.ts';

/** The part of `model.json` that describes the binary files. */
type ModelFile = {
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
    }[];
  }[];
};

/** `path`: a `model.json`. */
export function openSavedModel(path: string): WeightFile {
  const byLayer = new Map<string, StoredWeight[]>();
  for (const weight of readManifest(path)) {
    const layer = layerOf(weight.place);
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), weight]);
  }
  return {
    find: (wanted) =>
      wanted.map(({ layer, name, index, shape }) => {
        const found = byLayer.get(layer)?.[index];
        if (!found) throw unfit(path, `it has no weight ${name} of a layer "${layer}"`);
        if (found.shape.join() === shape.join()) return found;
        const shapes = `[${shape.join(', ')}], but [${found.shape.join(', ')}]`;
        throw unfit(path, `${name} of "${layer}" has the shape ${shapes} in the file`);
      }),
    close: () => {},
  };
}

function readManifest(path: string): StoredWeight[] {
  if (!existsSync(path)) throw unfit(path, 'it is not there');
  // Any JSON may be there; what is used of it is asked for below.
  const { weightsManifest } = JSON.parse(readFileSync(path, 'utf8')) as ModelFile;
  if (!weightsManifest) throw unfit(path, 'it is no saved tfjs model');
  return weightsManifest.flatMap(({ paths, weights }) => {
    const [file, ...others] = paths.map((name) => join(dirname(path), name));
    if (file === undefined || others.length > 0) {
      throw unfit(path, 'its weights lie in several files', 'Save it again with one weight file.');
    }
    let offset = 0;
    return weights.map(({ name, shape, dtype }): StoredWeight => {
      if (dtype !== 'float32') throw unfit(path, `${name} is ${dtype}, not float32`);
      const length = shape.reduce((product, size) => product * size, 1);
      const start = offset;
      offset += length * Float32Array.BYTES_PER_ELEMENT;
      return { place: name, shape, values: () => readFloats(file, start, length) };
    });
  });
}

function readFloats(file: string, start: number, length: number): Float32Array {
  const values = new Float32Array(length);
  const descriptor = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(values.buffer);
    if (readSync(descriptor, bytes, 0, bytes.length, start) !== bytes.length) {
      throw unfit(file, 'its end is missing');
    }
    return values;
  } finally {
    closeSync(descriptor);
  }
}

/** tfjs names a weight `layer/weight`; names of layers may have slashes, those of weights not. */
const layerOf = (place: string): string => place.slice(0, Math.max(0, place.lastIndexOf('/')));
