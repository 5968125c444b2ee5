/** From a layer of Keras's to an entry of the catalogue, or to what stands in the way. */
import type { Shape } from '../graph.ts';
import { findLayer, type LayerType, layers } from '../layers/index.ts';
import { isKerasObject, isObject, type KerasObject } from './model-file.ts';

/** Something in the file that the catalogue does not have. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** What the catalogue has no option for and what changes nothing, whatever its value. */
const withoutEffect = new Set([
  'name',
  'trainable',
  'dtype',
  'batch_shape',
  'batch_input_shape',
  'seed',
  'implementation',
  'renorm_momentum',
  'projection_dim',
]);
/** Values that say what the catalogue does anyway. */
const neutral: readonly unknown[] = [null, undefined, false, 'channels_last', 'float32'];

const types = new Map(
  // The keys of the registry are its types.
  (Object.keys(layers) as LayerType[]).map((type) => [layers[type].className as string, type]),
);
/** Other names of the same. */
const renamed: Readonly<Record<string, string>> = {
  L1: 'l1',
  L2: 'l2',
  L1L2: 'l1_l2',
};

export type CatalogueLayer = {
  readonly type: LayerType;
  readonly options: Readonly<Record<string, unknown>>;
};

/**
 * `input`: shape of what the layer takes, without the batch axis.
 *
 * @throws {ImportError} when the class or one of its options is unknown.
 */
export function catalogueLayer(layer: KerasObject, name: string, input: Shape): CatalogueLayer {
  const type = types.get(layer.class_name);
  if (type === undefined) {
    throw new ImportError(`there is no layer ${layer.class_name} ("${name}")`);
  }
  const known = findLayer(type)?.schema.properties ?? {};
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(layer.config)) {
    if (key in known) options[key] = optionValue(key, value);
    else if (!withoutEffect.has(key) && !saysNothing(key, value, input)) {
      throw new ImportError(
        `${key}: ${JSON.stringify(value)} of ${layer.class_name} "${name}" has no counterpart here`,
      );
    }
  }
  return { type, options };
}

/** The option is at what the catalogue does without it. */
function saysNothing(key: string, value: unknown, input: Shape): boolean {
  if (neutral.includes(value)) return true;
  if (key !== 'axis') return false;
  // Normalisations here work on the last axis; Keras counts the batch axis, too.
  const axes: unknown[] = Array.isArray(value) ? value : [value];
  return axes.length === 1 && (axes[0] === -1 || axes[0] === input.length);
}

/** Initialisers, regularisers, constraints and functions as our entries have them. */
function optionValue(key: string, value: unknown): unknown {
  if (key === 'dtype') return undefined;
  if (!isKerasObject(value)) {
    return isObject(value) && typeof value.config === 'string' ? value.config : value;
  }
  const { seed: _seed, ...config } = value.config;
  return { type: renamed[value.class_name] ?? snakeCase(value.class_name), ...config };
}

const snakeCase = (className: string): string =>
  className.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
