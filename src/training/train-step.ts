/**
 * One training step as a function of tensors and variables alone: no number that changes is a
 * JavaScript number and nothing is read back, so that the step can be recorded as a graph.
 */
import type { LayersModel, Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { applyConstraints, penalty } from '../model/penalty.ts';
import type { Gradients, LossScale } from './loss-scale.ts';
import { type LossConfig, lossPerSample } from './losses/index.ts';
import { mixBatch } from './mixing.ts';
import { useModelOutput } from './model-output.ts';
import type { Optimizer, TrainableWeight } from './optimizers/optimizer.ts';

/**
 * Inputs: stored samples [batch, …], labels [batch, units], sample weights [batch], learning rate (scalar)
 * and, with mixup or cutmix, the mask [1, height, width, 1]. Outputs: the loss with the penalties
 * (scalar) and the model's outputs [batch, units].
 */
export type TrainStep = (...inputs: Tensor[]) => [Tensor, Tensor];

export type StepParts = {
  readonly model: LayersModel;
  readonly loss: LossConfig;
  readonly optimizer: Optimizer;
  readonly weights: readonly TrainableWeight[];
  /** For gradients in float16. */
  readonly lossScale?: LossScale | undefined;
  /** What the model sees of the stored samples: decoded, augmented. */
  prepare(stored: Tensor, labels: Tensor): Tensor;
};

/**
 * The step of a model with its present trainable weights. The loss is Keras's: the sum of the
 * weighted losses of the samples over the size of the batch, plus the regularisers' penalties.
 */
export function makeTrainStep(tf: Engine, parts: StepParts): TrainStep {
  const { model, loss, optimizer, weights, lossScale } = parts;
  const variables = weights.map(({ variable }) => variable);
  const changed = [...variables, ...optimizer.variables.values()];
  return (...inputs) =>
    tf.tidy(() => {
      const [stored, labels, sampleWeights, learningRate, mask] = inputs;
      if (!stored || !labels || !sampleWeights || !learningRate) {
        throw new Error('a training step takes samples, labels, weights and a learning rate');
      }
      const images = parts.prepare(stored, labels);
      const batch = mask ? mixBatch(tf, images, labels, mask) : { images, labels };
      let outputs: Tensor | undefined;
      let value: Scalar | undefined;
      const { grads } = tf.variableGrads(
        () =>
          useModelOutput(tf, model, batch.images, { training: true }, (output) => {
            outputs = tf.keep(output.outputs);
            const own = { ...output, labels: batch.labels };
            value = tf.keep(batchLoss(tf, model, loss, own, sampleWeights));
            return lossScale ? lossScale.scaled(value) : value;
          }),
        variables,
      );
      if (!outputs || !value) throw new Error('the model gave no output');
      const update = (gradients: Gradients) => {
        optimizer.apply(learningRate, gradients);
        applyConstraints(tf, model);
      };
      if (lossScale) lossScale.apply(grads, changed, update);
      else update(grads);
      return [value, outputs];
    });
}

/** Loss of one batch with the penalties, a scalar. */
export function batchLoss(
  tf: Engine,
  model: LayersModel,
  config: LossConfig,
  batch: {
    readonly labels: Tensor;
    readonly outputs: Tensor;
    readonly logits?: Tensor | undefined;
  },
  sampleWeights?: Tensor,
): Scalar {
  const each = lossPerSample(tf, config, batch);
  const weighted = sampleWeights ? tf.mul(each, sampleWeights) : each;
  return tf.add<Scalar>(tf.mean(weighted), penalty(tf, model));
}
