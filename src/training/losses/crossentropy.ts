/** The cross-entropies (keras/src/losses/losses.py, keras/src/backend/tensorflow/nn.py). */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { defineLoss, kerasEpsilon, type LossBatch, labelSmoothing } from './define.ts';

/** Moves `share` of every label to all classes alike. */
const smooth = (tf: Engine, labels: Tensor, share: number, classes: number): Tensor =>
  share === 0 ? labels : tf.add(tf.mul(labels, 1 - share), share / classes);

/** Probabilities that add up to 1 and stay away from 0 and 1, as Keras makes them. */
const proper = (tf: Engine, outputs: Tensor): Tensor =>
  tf.clipByValue(tf.div(outputs, tf.sum(outputs, -1, true)), kerasEpsilon, 1 - kerasEpsilon);

function categorical(tf: Engine, { labels, outputs, logits }: LossBatch, share: number): Tensor {
  const targets = smooth(tf, labels, share, outputs.shape.at(-1) ?? 1);
  const logarithms = logits ? tf.logSoftmax(logits) : tf.log(proper(tf, outputs));
  return tf.neg(tf.sum(tf.mul(targets, logarithms), -1));
}

export const categoricalCrossentropy = defineLoss({
  schema: {
    type: 'object',
    description: 'Cross-entropy of several classes; the loss of a softmax layer.',
    properties: {
      type: { type: 'string', const: 'categorical_crossentropy', description: 'Name of the loss.' },
      label_smoothing: labelSmoothing,
    },
    required: ['type'],
    additionalProperties: false,
  },
  perSample: (tf, { label_smoothing }, batch) => categorical(tf, batch, label_smoothing),
});

export const sparseCategoricalCrossentropy = defineLoss({
  schema: {
    type: 'object',
    description: 'The same as categorical_crossentropy: labels are class indices in both.',
    properties: {
      type: {
        type: 'string',
        const: 'sparse_categorical_crossentropy',
        description: 'Name of the loss.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  perSample: (tf, _config, batch) => categorical(tf, batch, 0),
});

export const categoricalFocalCrossentropy = defineLoss({
  schema: {
    type: 'object',
    description: 'Cross-entropy that turns to the samples that are still wrong (Lin 2018).',
    properties: {
      type: {
        type: 'string',
        const: 'categorical_focal_crossentropy',
        description: 'Name of the loss.',
      },
      gamma: {
        type: 'number',
        minimum: 0,
        default: 2,
        description: 'How much easy samples are discounted.',
      },
      alpha: {
        type: 'number',
        minimum: 0,
        default: 0.25,
        description: 'Factor of the whole loss.',
      },
      label_smoothing: labelSmoothing,
    },
    required: ['type'],
    additionalProperties: false,
  },
  perSample(tf, { gamma, alpha, label_smoothing }, { labels, outputs }) {
    const targets = smooth(tf, labels, label_smoothing, outputs.shape.at(-1) ?? 1);
    const probabilities = proper(tf, outputs);
    const weights = tf.mul(tf.pow(tf.sub(1, probabilities), gamma), alpha);
    return tf.neg(tf.sum(tf.mul(weights, tf.mul(targets, tf.log(probabilities))), -1));
  },
});

export const binaryCrossentropy = defineLoss({
  schema: {
    type: 'object',
    description: 'Cross-entropy of two classes; the loss of one sigmoid unit, and only of that.',
    properties: {
      type: { type: 'string', const: 'binary_crossentropy', description: 'Name of the loss.' },
      label_smoothing: labelSmoothing,
    },
    required: ['type'],
    additionalProperties: false,
  },
  perSample(tf, { label_smoothing }, { labels, outputs, logits }) {
    const targets = smooth(tf, labels, label_smoothing, 2);
    return tf.mean(
      logits ? fromLogits(tf, targets, logits) : fromProbabilities(tf, targets, outputs),
      -1,
    );
  },
});

/** max(z, 0) − z·y + log(1 + e^−|z|), as tf.nn.sigmoid_cross_entropy_with_logits. */
const fromLogits = (tf: Engine, labels: Tensor, logits: Tensor): Tensor =>
  tf.add(tf.sub(tf.relu(logits), tf.mul(logits, labels)), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));

const fromProbabilities = (tf: Engine, labels: Tensor, outputs: Tensor): Tensor => {
  const clipped = tf.clipByValue(outputs, kerasEpsilon, 1 - kerasEpsilon);
  const yes = tf.mul(labels, tf.log(clipped));
  const no = tf.mul(tf.sub(1, labels), tf.log(tf.sub(1, clipped)));
  return tf.neg(tf.add(yes, no));
};
