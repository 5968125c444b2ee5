/** The shape of every layer's output and the weights it will have, without TensorFlow. */

import type { LayerNode, ModelGraph, Shape } from './graph.ts';
import { ShapeError, type WeightShape } from './layers/define.ts';
import { findLayer } from './layers/index.ts';

export type Inferred = {
  readonly shape: Shape;
  readonly weights: readonly WeightShape[];
};

/**
 * Shape and weights of one node.
 *
 * @throws {ShapeError} when its inputs do not fit.
 */
export function inferNode(node: LayerNode, inputs: readonly Shape[]): Inferred {
  const layer = findLayer(node.type);
  if (layer === undefined) throw new Error(`no layer type ${node.type}`);
  if (layer.inputs !== 'many' && inputs.length !== 1) {
    throw new ShapeError(`takes one input, but gets ${inputs.length}`);
  }
  const shape = layer.shape(node.config, inputs);
  return { shape, weights: layer.weights?.(node.config, inputs) ?? [] };
}

/** Shape and weights of all nodes of a checked graph, by name. */
export function inferGraph(graph: ModelGraph): ReadonlyMap<string, Inferred> {
  const inferred = new Map<string, Inferred>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) =>
      name === 'input' ? graph.input : (inferred.get(name)?.shape ?? []),
    );
    inferred.set(node.name, inferNode(node, inputs));
  }
  return inferred;
}
