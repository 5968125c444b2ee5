/** The weights that a file is to bring, in the order and under the names that Keras's files use. */
import type { InnerModel, LayerNode, ModelGraph } from '../graph.ts';
import { inferGraph } from '../infer-shapes.ts';
import { kerasOrder } from '../keras-order.ts';
import { findLayer } from '../layers/index.ts';

export type WantedWeight = {
  readonly layer: string;
  /** Keras's name of it in the layer, such as `kernel`. */
  readonly name: string;
  /** Its place among the layer's weights: trainable ones first, then the others. */
  readonly index: number;
  readonly shape: readonly number[];
  /** Its path in a `.weights.h5` file, such as `layers/conv2d_1/vars/0`. */
  readonly key: string;
};

/** All weights of the graph's base (a backbone or an imported model). */
export function wantedWeights({ nodes, input, output, base = output }: ModelGraph): WantedWeight[] {
  const inferred = inferGraph({ nodes, input, output });
  const layers = kerasOrder(nodes, base);
  const keys = savedPaths(layers);
  return layers.flatMap(({ name: layer }) =>
    (inferred.get(layer)?.weights ?? []).map(({ name, shape }, index) => ({
      layer,
      name,
      index,
      shape,
      key: `${keys.get(layer)}/vars/${index}`,
    })),
  );
}

/**
 * Where Keras 3 saves each layer: by its class, counted in the order of the layers, and a model
 * inside the model likewise (`saving_lib._save_container_state`).
 */
function savedPaths(layers: readonly LayerNode[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const unique = (container: string, word: string): string => {
    const count = counts.get(`${container}/${word}`) ?? 0;
    counts.set(`${container}/${word}`, count + 1);
    return `${container}/${count === 0 ? word : `${word}_${count}`}`;
  };
  const inner = new Map<string, string>();
  const containerOf = (within: readonly InnerModel[]): string =>
    within.reduce((container, { name, className }) => {
      const place = `${container}/${name}`;
      const path = inner.get(place) ?? unique(container, snakeCase(className));
      inner.set(place, path);
      return `${path}/layers`;
    }, 'layers');
  return new Map(
    layers.map(({ name, type, within = [] }) => {
      const className = findLayer(type)?.className ?? type;
      return [name, unique(containerOf(within), snakeCase(className))];
    }),
  );
}

/** `keras.src.utils.naming.to_snake_case`. */
const snakeCase = (className: string): string =>
  className
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
