/**
 * Keras's weights in HDF5: the legacy layout (`layer_names` and `weight_names`, matched by
 * topology: names do not count) and that of Keras 3's `.weights.h5` (paths by class and count).
 */
import type { Dataset, Group, File as Hdf5File } from 'h5wasm/node';
import { type StoredWeight, unfit, type WeightFile, zipInOrder } from './stored.ts';
import type { WantedWeight } from './wanted.ts';

/** `name`: what messages call the file. Throws DATA_INVALID when it is no HDF5 file, or cut off. */
export async function openHdf5(path: string, name = path): Promise<WeightFile> {
  const { default: h5wasm, ready } = await import('h5wasm/node');
  // HDF5 would print its failures to stderr; thrown, they are ours to explain.
  (await ready).activate_throwing_error_handler();
  const damaged = () =>
    unfit(name, 'it is no HDF5 file, or its end is missing', 'Copy or download it once more.');
  let file: Hdf5File;
  try {
    file = new h5wasm.File(path, 'r');
    file.keys();
  } catch {
    throw damaged();
  }
  return {
    find: (wanted) => {
      const legacy = [file, groupAt(file, 'model_weights')].find(
        (group) => group && attributeList(group, 'layer_names').length > 0,
      );
      try {
        if (legacy) return zipInOrder(name, wanted, legacyWeights(legacy));
        return savedWeights(name, file, wanted);
      } catch (error) {
        // h5wasm throws plain errors where a block of the file cannot be read.
        throw error instanceof Error && error.name === 'ExperimentError' ? error : damaged();
      }
    },
    close: () => {
      file.close();
    },
  };
}

/** In the order of `layer_names`; groups themselves are sorted by name. */
const legacyWeights = (root: Group): StoredWeight[] =>
  attributeList(root, 'layer_names').flatMap((layer) => {
    const group = groupAt(root, layer);
    if (!group) throw new Error(`no group ${layer}`);
    return attributeList(group, 'weight_names').map((weight) => stored(group, weight));
  });

function savedWeights(
  name: string,
  file: Hdf5File,
  wanted: readonly WantedWeight[],
): StoredWeight[] {
  const root = modelIn(file, wanted);
  return wanted.map(({ layer, key, shape, name: weight }) => {
    if (datasetAt(root, key) === undefined) {
      throw unfit(name, `it has no ${key}, which would be ${weight} of "${layer}"`);
    }
    const found = stored(root, key);
    return zipInOrder(name, [{ layer, key, shape, name: weight, index: 0 }], [found])[0] ?? found;
  });
}

/** The file's model, or the model inside it that has all the weights (a backbone with a head). */
function modelIn(file: Hdf5File, wanted: readonly WantedWeight[]): Group {
  const layers = groupAt(file, 'layers');
  const inner = (layers?.keys() ?? []).map((key) => groupAt(file, `layers/${key}`));
  return (
    [file, ...inner].find(
      (group): group is Group =>
        group !== undefined && wanted.every(({ key }) => datasetAt(group, key) !== undefined),
    ) ?? file
  );
}

function stored(group: Group, path: string): StoredWeight {
  const dataset = datasetAt(group, path);
  if (!dataset) throw new Error(`no dataset ${path}`);
  return {
    place: `${group.path}/${path}`.replace(/^\/+/, ''),
    shape: dataset.shape ?? [],
    values: () => toFloats(dataset.value),
  };
}

function groupAt(group: Group, path: string): Group | undefined {
  const found = entityAt(group, path);
  return found !== undefined && 'keys' in found ? (found as Group) : undefined;
}

function datasetAt(group: Group, path: string): Dataset | undefined {
  const found = entityAt(group, path);
  return found !== undefined && 'slice' in found ? (found as Dataset) : undefined;
}

/** h5wasm throws for what is not there. */
function entityAt(group: Group, path: string) {
  try {
    return group.get(path) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A list of texts; above 64,512 bytes Keras splits it into `name0`, `name1`, … */
function attributeList(group: Group, name: string): string[] {
  // `attrs` would read all attributes; this reads one.
  const read = (key: string): string[] | undefined => {
    try {
      const value = group.get_attribute(key, true);
      return Array.isArray(value) ? value.map(String) : undefined;
    } catch {
      return undefined;
    }
  };
  const whole = read(name);
  if (whole) return whole;
  const parts: string[] = [];
  for (let index = 0; ; index += 1) {
    const part = read(`${name}${index}`);
    if (!part) return parts;
    parts.push(...part);
  }
}

/** Scalars come as numbers or bigints, everything else as flat typed arrays. */
function toFloats(value: Dataset['value']): Float32Array {
  if (value instanceof Float32Array) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return Float32Array.of(Number(value));
  // Weights are arrays of numbers; no other type of dataset is named as a weight.
  return Float32Array.from(value as unknown as ArrayLike<number | bigint>, Number);
}
