/** Which layers a layer takes, from Keras 2's and tfjs's form of `inbound_nodes` or Keras 3's. */
import { ImportError } from './layer-options.ts';
import { isObject, type KerasObject } from './model-file.ts';

/**
 * Names in order; undefined where the layer takes the one before it, as in Sequential models.
 *
 * @throws {ImportError} when the layer is used twice, or takes something else than layers.
 */
export function sourcesOf(layer: KerasObject, name: string): readonly string[] | undefined {
  const { inbound_nodes: nodes = [] } = layer;
  const [node, another] = nodes;
  if (node === undefined) return undefined;
  if (another !== undefined) throw new ImportError(`"${name}" is used more than once`);
  return Array.isArray(node) ? listed(node) : tensorsIn(node, name);
}

/** Keras 2 and tfjs: `[["conv1", 0, 0, {}], …]`. */
const listed = (node: readonly unknown[]): string[] =>
  node.map((entry) => String(Array.isArray(entry) ? entry[0] : entry));

/** Keras 3: tensors anywhere in `args`, with the layer in their history. */
function tensorsIn(node: unknown, name: string): string[] {
  if (!isObject(node)) throw new ImportError(`"${name}" has inputs that cannot be read`);
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value) && value.class_name === '__keras_tensor__' && isObject(value.config)) {
      const { keras_history: history } = value.config;
      if (Array.isArray(history)) found.push(String(history[0]));
    } else if (value !== null && value !== undefined) {
      throw new ImportError(`"${name}" is called with ${JSON.stringify(value).slice(0, 80)}`);
    }
  };
  walk(node.args);
  for (const [key, value] of Object.entries(isObject(node.kwargs) ? node.kwargs : {})) {
    if (key !== 'training' && key !== 'mask') walk(value);
  }
  return found;
}
