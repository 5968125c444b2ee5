/** Weights and pictures by a formula that make_outputs.py has too, so that no file is needed. */

import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../../src/engine/engine.ts';
import type { ModelGraph } from '../../../src/model/graph.ts';
import { inferGraph } from '../../../src/model/infer-shapes.ts';
import { kerasOrder } from '../../../src/model/keras-order.ts';

// jest looks globals up slowly, and this is called for every weight.
const { imul } = Math;

/** −1 … 1 in 24 bits, by murmur3's finaliser. */
function uniform(number: number, count: number): Float64Array {
  const values = new Float64Array(count);
  const start = imul(number, 0x9e3779b1);
  for (let index = 0; index < count; index += 1) {
    let h = (start + index) | 0;
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[index] = ((h ^ (h >>> 16)) >>> 8) / 2 ** 23 - 1;
  }
  return values;
}

/** What is made of the uniform values: [offset, factor]. */
function scaleOf(type: string, name: string, shape: readonly number[]): readonly [number, number] {
  if (name === 'count') return [0, 0];
  if (type === 'layer_scale') return [0.5, 0.3];
  if (type === 'normalization') return name === 'mean' ? [0.45, 0.05] : [0.05, 0.01];
  if (name === 'gamma' || name === 'moving_variance') return [1, 0.2];
  if (shape.length === 1) return [0, 0.1];
  const taps = (shape[0] ?? 1) * (shape[1] ?? 1);
  if (type === 'depthwise_conv2d') return [0, 2 / Math.sqrt(taps)];
  if (name === 'depthwise_kernel') return [0, Math.sqrt(3) / Math.sqrt(taps)];
  const fan = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  return [0, Math.sqrt(6 / fan)];
}

/** Sets all weights of the model, numbered in Keras's order from 1. */
export function setByFormula(tf: Engine, model: LayersModel, graph: ModelGraph): void {
  const inferred = inferGraph(graph);
  let number = 0;
  for (const { name: layer, type } of kerasOrder(graph.nodes, graph.output)) {
    for (const [index, { name, shape }] of (inferred.get(layer)?.weights ?? []).entries()) {
      number += 1;
      const [offset, factor] = scaleOf(type, name, shape);
      const count = shape.reduce((a, b) => a * b, 1);
      const values = new Float32Array(count);
      const uniforms = uniform(number, count);
      for (let place = 0; place < count; place += 1) {
        values[place] = offset + factor * (uniforms[place] ?? 0);
      }
      // tfjs's LayerVariable has `write`, which its types leave out of `weights`.
      const weight = model.getLayer(layer).weights[index] as unknown as { write(x: Tensor): void };
      tf.tidy(() => weight.write(tf.tensor(values, [...shape], 'float32')));
    }
  }
}

/** Two pictures of coarse blocks, 0 … 255: [2, size, size, 3], row-major. */
export function pictures(size: number): Float64Array {
  const blocks = Math.ceil(size / 8);
  const coarse = uniform(0, 2 * blocks * blocks * 3).map((u) => Math.floor((u + 1) * 128));
  const pixels = new Float64Array(2 * size * size * 3);
  for (let index = 0; index < pixels.length; index += 1) {
    const channel = index % 3;
    const x = Math.floor(index / 3) % size;
    const y = Math.floor(index / 3 / size) % size;
    const image = Math.floor(index / 3 / size / size);
    const block = (image * blocks + (y >> 3)) * blocks + (x >> 3);
    const value = coarse[block * 3 + channel] ?? 0;
    pixels[index] = image === 0 ? value : Math.floor(value / 2);
  }
  return pixels;
}
