/** Adding a vector along the last axis as BiasAdd, which TensorFlow fuses with what comes before. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { attribute, executeOne } from '../op.ts';
import { type FastKernel, replaceKernel } from './fast-kernel.ts';

/**
 * Its gradient stays tfjs's Sum: TensorFlow would fuse a BiasAddGrad into the convolution's
 * gradient, where oneDNN sums a bias more slowly (5 against 4 % of the thesis's CNN).
 */
export const bias: FastKernel = {
  name: 'bias',
  install: (tf) =>
    replaceKernel(tf, 'Add', ({ inputs: { a, b } }, stock) => {
      if (!a || !b || !isBias(a, b)) return stock();
      const format = attribute.string(tf, 'data_format', 'NHWC');
      return executeOne(tf, 'BiasAdd', [attribute.type(tf, 'T', 'float32'), format], [a, b]);
    }),
};

const isBias = (a: Tensor, b: Tensor): boolean =>
  a.dtype === 'float32' &&
  b.dtype === 'float32' &&
  b.shape.length === 1 &&
  isBiased(a.shape) &&
  a.shape.at(-1) === b.shape[0];

/** BiasAdd takes two axes or more, and on a GPU no empty tensors. */
const isBiased = (shape: readonly number[]): boolean =>
  shape.length >= 2 && shape.every((length) => length > 0);
