import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';

/**
 * The tensor with an axis of length 1 before the given one. A reshape, because tfjs's ExpandDims
 * leaves out the type that a recorded graph needs.
 */
export const insertAxis = (tf: Engine, x: Tensor, axis: number): Tensor =>
  tf.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
