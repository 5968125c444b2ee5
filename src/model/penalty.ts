/** What regularisers and constraints ask of a training step. */
import type { LayersModel, Scalar } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';

/** Sum of the penalties of all trainable weights; 0 without regularisers. Keras: add_loss. */
export const penalty = (tf: Engine, model: LayersModel): Scalar =>
  tf.tidy(() =>
    model.calculateLosses().reduce((sum, loss) => tf.add<Scalar>(sum, loss), tf.scalar(0)),
  );

type Constrained = { readonly constraint: { apply(value: unknown): unknown } | null };

/**
 * Brings every trainable weight that has a constraint back to it. An optimizer writes past
 * constraints in tfjs, so a training step calls this after its update, as Keras does.
 */
export function applyConstraints(tf: Engine, model: LayersModel): void {
  for (const weight of model.trainableWeights) {
    // tfjs keeps the constraint of a weight in a field that its types leave out.
    if ((weight as unknown as Constrained).constraint == null) continue;
    tf.tidy(() => {
      weight.write(tf.clone(weight.read()));
    });
  }
}
