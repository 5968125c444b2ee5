/** A model's weights under names that do not depend on which of them are trainable. */
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import type { TrainableWeight } from './optimizers/optimizer.ts';

/** tfjs's LayerVariable, as far as it is used here; its `read` gives the variable itself. */
type LayerWeight = { read(): Tensor };

type NamedWeight = {
  readonly name: string;
  readonly weight: LayerWeight;
  readonly trainable: boolean;
};

function namedWeights(model: LayersModel): NamedWeight[] {
  return model.layers.flatMap((layer) => {
    // A frozen layer has none, whatever its weights say of themselves.
    const trainable = new Set(layer.trainableWeights);
    return layer.weights.map((weight, index) => ({
      name: `${layer.name}/${index}`,
      weight,
      trainable: trainable.has(weight),
    }));
  });
}

// See LayerWeight: the tensor that `read` gives is the variable.
const variableOf = (weight: LayerWeight) => weight.read() as Variable;

/** All variables of the model, moving statistics included. */
export const modelVariables = (model: LayersModel): ReadonlyMap<string, Variable> =>
  new Map(namedWeights(model).map(({ name, weight }) => [`model/${name}`, variableOf(weight)]));

/** The weights that are trained now. */
export const trainableWeights = (model: LayersModel): readonly TrainableWeight[] =>
  namedWeights(model)
    .filter(({ trainable }) => trainable)
    .map(({ name, weight }) => ({ name, variable: variableOf(weight) }));

/** Values of variables on the heap, by name. */
export type Snapshot = ReadonlyMap<string, Float32Array | Int32Array>;

export const takeSnapshot = (variables: ReadonlyMap<string, Variable>): Snapshot =>
  new Map(
    [...variables].map(([name, variable]) => {
      // Variables here are float32 or int32, and these are their arrays.
      const values = variable.dataSync() as Float32Array | Int32Array;
      return [name, values.slice()];
    }),
  );

/** Puts a snapshot back, bit by bit; every variable must have its values in it. */
export function restoreSnapshot(
  tf: Engine,
  variables: ReadonlyMap<string, Variable>,
  snapshot: Snapshot,
): void {
  for (const [name, variable] of variables) {
    const values = snapshot.get(name);
    if (values?.length !== variable.size) throw new RangeError(`No saved values fit ${name}.`);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, variable.dtype)));
  }
}
