/**
 * Adding a vector along the last axis, and summing a gradient down to it, as TensorFlow's BiasAdd
 * and BiasAddGrad, which its convolutions and matrix products fuse with.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { attribute, executeOne } from '../op.ts';
import { type FastKernel, replaceKernel } from './fast-kernel.ts';

export const bias: FastKernel = {
  name: 'bias',
  install(tf) {
    const restoreAdd = replaceKernel(tf, 'Add', ({ inputs: { a, b } }, stock) =>
      a && b && isBias(a, b) ? executeOne(tf, 'BiasAdd', attributes(tf), [a, b]) : stock(),
    );
    const restoreSum = replaceKernel(tf, 'Sum', ({ inputs: { x }, attributes: options }, stock) =>
      x && !options.keepDims && sumsToLastAxis(tf, x, options.axis)
        ? executeOne(tf, 'BiasAddGrad', attributes(tf), [x])
        : stock(),
    );
    return () => {
      restoreAdd();
      restoreSum();
    };
  },
};

const attributes = (tf: Engine) => [
  attribute.type(tf, 'T', 'float32'),
  attribute.string(tf, 'data_format', 'NHWC'),
];

const isBias = (a: Tensor, b: Tensor): boolean =>
  a.dtype === 'float32' &&
  b.dtype === 'float32' &&
  b.shape.length === 1 &&
  isBiased(a.shape) &&
  a.shape.at(-1) === b.shape[0];

/** BiasAdd takes two axes or more; on the GPU it takes no empty tensors. */
const isBiased = (shape: readonly number[]): boolean =>
  shape.length >= 2 && shape.every((length) => length > 0);

function sumsToLastAxis(tf: Engine, x: Tensor, axis: unknown): boolean {
  if (x.dtype !== 'float32' || !isBiased(x.shape)) return false;
  // The Sum kernel's `axis` is what its caller wrote: a number, a list or nothing.
  const axes = tf.util.parseAxisParam(axis as number | number[], [...x.shape]);
  return axes.length === x.shape.length - 1 && axes.every((each, i) => each === i);
}
