/**
 * The model's output together with what went into its last softmax or sigmoid. Keras keeps those
 * logits on the side (`_keras_logits`) and computes the cross-entropies from them; this does the
 * same by listening to the last layer's activation.
 */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';

/** tfjs keeps the activation of dense and activation layers here; its types do not show it. */
type ActivatedLayer = {
  activation?: { apply(input: Tensor, axis?: number): Tensor; getClassName(): string };
};

const withLogits = new Set(['softmax', 'sigmoid']);

export type ModelOutput = { readonly outputs: Tensor; readonly logits: Tensor | undefined };

/** Runs the model on a batch [batch, …]; the logits live until `use` returns. */
export function useModelOutput<Result>(
  tf: Engine,
  model: LayersModel,
  images: Tensor,
  options: { readonly training: boolean },
  use: (output: ModelOutput) => Result,
): Result {
  const run = (): Tensor => {
    const result = model.apply(images, options);
    // A model of ours has one output, and tensors (not symbols) go in, so one tensor comes out.
    return (Array.isArray(result) ? result[0] : result) as Tensor;
  };
  // As ActivatedLayer: see there.
  const { activation } = (model.outputs[0]?.sourceLayer ?? {}) as ActivatedLayer;
  if (!activation || !withLogits.has(activation.getClassName())) {
    return use({ outputs: run(), logits: undefined });
  }
  const original = activation.apply;
  let logits: Tensor | undefined;
  activation.apply = (input, axis) => {
    // A copy: the layer's tidy, or the model after its last layer, frees what went into it.
    logits = tf.keep(tf.clone(input));
    return original.call(activation, input, axis);
  };
  try {
    return use({ outputs: run(), logits });
  } finally {
    activation.apply = original;
    logits?.dispose();
  }
}
