/** From the graph to a functional tf.LayersModel. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import type { ModelGraph } from './graph.ts';
import { findLayer } from './layers/index.ts';

/**
 * Builds the model. The same graph and seed give the same weights bit by bit, whatever else was
 * built before, because each layer draws from its own counter.
 */
export function buildModel(
  tf: Engine,
  graph: ModelGraph,
  { seed }: { readonly seed: number },
): LayersModel {
  const input = tf.input({ shape: [...graph.input], name: 'input' });
  const outputs = new Map<string, SymbolicTensor>([['input', input]]);
  for (const { name, type, config, inputs, trainable } of graph.nodes) {
    const definition = findLayer(type);
    if (definition === undefined) throw new Error(`no layer type ${type}`);
    const layer = definition.build(config, { tf, name, trainable, seed: layerSeed(seed, name) });
    const tensors = inputs.map((source) => outputOf(outputs, source));
    const output = layer.apply(definition.inputs === 'many' ? tensors : outputOf(tensors, 0));
    // A layer that is applied to symbolic tensors gives one symbolic tensor.
    outputs.set(name, output as SymbolicTensor);
  }
  return tf.model({ inputs: input, outputs: outputOf(outputs, graph.output), name: 'model' });
}

function outputOf(
  outputs: { get(key: string): SymbolicTensor | undefined } | readonly SymbolicTensor[],
  key: string | number,
): SymbolicTensor {
  const output = 'get' in outputs ? outputs.get(String(key)) : outputs[Number(key)];
  if (output === undefined) throw new Error(`the graph has no output ${key}`);
  return output;
}

/** 32-bit FNV-1a of the fold's seed and the layer's name. */
export function layerSeed(seed: number, name: string): number {
  let hash = 2166136261;
  for (const character of `${seed}/${name}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  }
  return hash | 0;
}
