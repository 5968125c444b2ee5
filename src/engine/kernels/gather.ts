/**
 * Gathering rows without reading the indices back into JavaScript, as tfjs does to check them:
 * TensorFlow's kernel on the CPU checks them itself. (On a GPU a wrong index gathers zeros.)
 */
import { attribute, executeOne, type OpType } from '../op.ts';
import { type FastKernel, replaceKernel } from './fast-kernel.ts';

export const gather: FastKernel = {
  name: 'gather',
  install: (tf) =>
    replaceKernel(tf, 'GatherV2', ({ inputs: { x, indices }, attributes }, stock) => {
      const { axis, batchDims } = attributes;
      if (!x || indices?.dtype !== 'int32' || typeof axis !== 'number') return stock();
      const types = [
        attribute.int(tf, 'batch_dims', Number(batchDims ?? 0)),
        attribute.type(tf, 'Tparams', x.dtype as OpType), // others fail as they would in stock
        attribute.type(tf, 'Tindices', 'int32'),
        attribute.type(tf, 'Taxis', 'int32'),
      ];
      const axisTensor = tf.scalar(axis, 'int32');
      const result = executeOne(tf, 'GatherV2', types, [x, indices, axisTensor]);
      axisTensor.dispose();
      return result;
    }),
};
