// node verify-addon.mjs ADDON: multiplies two matrices with a compiled addon, or fails.
import { createRequire } from 'node:module';

const addon = createRequire(import.meta.url)(process.argv[2] ?? '');
const matrix = (/** @type {number[]} */ values) =>
  addon.createTensor([2, 2], addon.TF_FLOAT, Float32Array.from(values));
const attributes = [
  { name: 'transpose_a', type: addon.TF_ATTR_BOOL, value: false },
  { name: 'transpose_b', type: addon.TF_ATTR_BOOL, value: false },
  { name: 'T', type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT },
];
const inputs = [matrix([1, 2, 3, 4]), matrix([5, 6, 7, 8])];
const [product] = addon.executeOp('MatMul', attributes, inputs, 1);
const values = Array.from(addon.tensorDataSync(product.id));
if (values.join() !== '19,22,43,50') throw new Error(`2×2 product gave ${values.join()}`);
