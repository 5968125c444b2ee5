/**
 * uint8 values as tensors. tfjs knows no uint8: its int32 would take four times the memory and the
 * way to a GPU. So bytes travel four to an int32 and are taken apart by TensorFlow, which both a
 * recorded graph and single ops can do.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from './engine.ts';
import { attribute, executeOne, nodeBackend } from './op.ts';

const word = Int32Array.BYTES_PER_ELEMENT;

/** Equally long rows of bytes as int32 [rows, words]; each row is padded to whole words. */
export function packBytes(tf: Engine, bytes: Uint8Array, rows: number): Tensor2D {
  const length = bytes.length / rows;
  const words = Math.ceil(length / word);
  if (length % word === 0 && bytes.byteOffset % word === 0) {
    const values = new Int32Array(bytes.buffer, bytes.byteOffset, rows * words);
    return tf.tensor2d(values, [rows, words], 'int32');
  }
  const padded = new Uint8Array(rows * words * word);
  for (let row = 0; row < rows; row += 1) {
    padded.set(bytes.subarray(row * length, (row + 1) * length), row * words * word);
  }
  return tf.tensor2d(new Int32Array(padded.buffer), [rows, words], 'int32');
}

/** The first `length` bytes of each row of what `packBytes` gave, float32 [rows, length]. */
export function unpackBytes(tf: Engine, packed: Tensor, length: number): Tensor2D {
  return tf.tidy(() => {
    const [rows = 0, words = 0] = packed.shape;
    const uint8 = (name: string) => ({
      ...attribute.type(tf, name, 'int32'),
      value: nodeBackend(tf).binding.TF_UINT8,
    });
    const types = [attribute.type(tf, 'T', 'int32'), uint8('type')];
    const bytes = executeOne(tf, 'Bitcast', types, [packed]);
    const toFloat = [
      ...[uint8('SrcT'), attribute.type(tf, 'DstT', 'float32')],
      attribute.bool(tf, 'Truncate', false),
    ];
    const values = executeOne(tf, 'Cast', toFloat, [bytes]);
    const table: Tensor2D = tf.reshape(values, [rows, words * word]);
    return length === words * word ? table : tf.slice(table, [0, 0], [rows, length]);
  });
}
