/**
 * TensorFlow.js on TensorFlow's own library. The only folder that loads it: everybody else takes
 * an `Engine` as an argument and imports this type alone, so `validate` and `--help` stay quick.
 */
import type * as tensorflow from '@tensorflow/tfjs-node-gpu';

export type Engine = typeof tensorflow;
