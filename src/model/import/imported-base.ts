/** From the `import` key to the layers before the model's own, or to what is wrong with the file. */
import type { Problem } from '../../errors.ts';
import { NetworkBuilder } from '../backbones/network-builder.ts';
import type { Base, InnerModel, Shape } from '../graph.ts';
import { ShapeError } from '../layers/define.ts';
import { shapeText } from '../layers/sizes.ts';
import { catalogueLayer, ImportError } from './layer-options.ts';
import { isKerasObject, type KerasObject, readModelFile } from './model-file.ts';
import { sourcesOf } from './sources.ts';

const modelClasses = ['Sequential', 'Functional', 'Model'];

/**
 * The layers of a Keras (JSON, `.keras`) or tfjs model under its own names. Reads the file.
 * `image`: [height, width, channels] of a picture, where it is known.
 */
export function importedBase(path: string, image?: Shape): Base {
  const problem = (message: string): Base => {
    const problems: Problem[] = [{ path: ['model', 'import'], message: `${path}: ${message}` }];
    return { nodes: [], output: 'input', problems };
  };
  try {
    const { model } = readModelFile(path);
    const declared = inputShape(model);
    const input = picture(declared, image);
    const net = new NetworkBuilder(input);
    const frozen = new Set<string>();
    const output = addModel(net, model, { source: 'input', frozen, isFrozen: false });
    const nodes = net.nodes.map((node) => ({ ...node, trainable: !frozen.has(node.name) }));
    return { nodes, output, problems: [] };
  } catch (error) {
    const isTold = error instanceof ImportError || error instanceof ShapeError;
    if (isTold || error instanceof SyntaxError) return problem(error.message);
    // The file system's and the archive reader's errors are plain ones.
    return problem(error instanceof Error ? error.message : String(error));
  }
}

type Place = {
  /** Where the input of the model comes from. */
  readonly source: string;
  /** Gets the names of layers that do not learn. */
  readonly frozen: Set<string>;
  readonly isFrozen: boolean;
};

/** Adds the layers of a model, models inside it included; gives the name of its output. */
function addModel(net: NetworkBuilder, model: KerasObject, place: Place): string {
  const { frozen } = place;
  const isFrozen = place.isFrozen || model.config.trainable === false;
  const outputs = new Map<string, string>();
  let previous = place.source;
  for (const layer of layersOf(model)) {
    const name = nameOf(layer);
    if (layer.class_name === 'InputLayer') {
      outputs.set(name, place.source);
      continue;
    }
    const sources = sourcesOf(layer, name)?.map((from) => {
      const source = outputs.get(from);
      if (source === undefined)
        throw new ImportError(`"${name}" takes "${from}" before it is made`);
      return source;
    });
    const inputs = sources ?? [previous];
    previous = modelClasses.includes(layer.class_name)
      ? net.inside(innerModel(layer, name), () =>
          addModel(net, layer, { source: inputs[0] ?? previous, frozen, isFrozen }),
        )
      : addLayer(net, layer, name, inputs);
    if (isFrozen || layer.config.trainable === false) frozen.add(previous);
    outputs.set(name, previous);
  }
  const last = outputName(model);
  return last === undefined ? previous : (outputs.get(last) ?? previous);
}

function addLayer(
  net: NetworkBuilder,
  layer: KerasObject,
  name: string,
  inputs: readonly string[],
): string {
  const [first = 'input'] = inputs;
  const { type, options } = catalogueLayer(layer, name, net.shape(first));
  if (name === 'input' || net.nodes.some((node) => node.name === name)) {
    throw new ImportError(`two layers are named "${name}"`);
  }
  return net.layer(type, inputs, options, name);
}

const innerModel = (layer: KerasObject, name: string): InnerModel => ({
  name,
  className: layer.class_name === 'Sequential' ? 'Sequential' : 'Functional',
});

function layersOf({ class_name: type, config }: KerasObject): readonly KerasObject[] {
  if (!modelClasses.includes(type))
    throw new ImportError(`a ${type} is no Sequential or Functional model`);
  const { layers } = config;
  if (!Array.isArray(layers) || !layers.every(isKerasObject)) {
    throw new ImportError('the model has no list of layers');
  }
  return layers;
}

function nameOf({ name, config, class_name: type }: KerasObject): string {
  const given = name ?? config.name;
  if (typeof given !== 'string') throw new ImportError(`a ${type} has no name`);
  return given;
}

/** Name of the layer whose output a functional model gives. */
function outputName({ config }: KerasObject): string | undefined {
  const { output_layers: outputs } = config;
  if (!Array.isArray(outputs)) return undefined;
  // Keras 3 stores a single output without a list around it.
  const [first, ...others]: unknown[] = typeof outputs[0] === 'string' ? [outputs] : outputs;
  if (others.length > 0) throw new ImportError(`the model has ${outputs.length} outputs`);
  return Array.isArray(first) ? String(first[0]) : undefined;
}

/** [height, width, channels] that the model says it takes; null where any length is fine. */
function inputShape(model: KerasObject): Shape {
  const [first, ...others] = layersOf(model);
  const second = others.find(({ class_name: type }) => type === 'InputLayer');
  if (first?.class_name === 'InputLayer' && second) throw new ImportError('it has several inputs');
  if (first && modelClasses.includes(first.class_name)) return inputShape(first);
  const shape = first?.config.batch_shape ?? first?.config.batch_input_shape;
  if (!Array.isArray(shape)) throw new ImportError('it does not say what shape it takes');
  return shape.slice(1).map((length) => (typeof length === 'number' ? length : null));
}

/** The shape of a picture that goes into the model. */
function picture(declared: Shape, image: Shape | undefined): Shape {
  const known = image ?? declared;
  const fits =
    known.length === declared.length &&
    declared.every((length, axis) => length === null || length === known[axis]);
  if (fits && !known.includes(null)) return known;
  throw new ImportError(
    `it takes pictures of ${shapeText(declared)}, but gets ${shapeText(known)}; \`dataset.image\` sets their size and channels`,
  );
}
