/** Puts the weights of a file into the backbone or the imported model of a built model. */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { ModelGraph } from '../graph.ts';
import { openWeights } from './open-weights.ts';
import { wantedWeights } from './wanted.ts';

/** tfjs's LayerVariable, as far as it is used here. */
type LayerWeight = { write(value: Tensor): void };

/**
 * Sets every weight of the graph's base. `path`: see `openWeights`.
 *
 * @throws {ExperimentError} DATA_MISSING when there is no such file; DATA_INVALID when it is
 * damaged, or when the number or the shape of its weights does not fit (the layer is named).
 */
export async function loadWeights(
  tf: Engine,
  model: LayersModel,
  graph: ModelGraph,
  path: string,
): Promise<void> {
  const wanted = wantedWeights(graph);
  const file = await openWeights(path);
  try {
    const stored = file.find(wanted);
    for (const [position, { layer, index, shape }] of wanted.entries()) {
      // tfjs lists a layer's weights in the order in which ours names them, frozen or not.
      const weight = model.getLayer(layer).weights[index] as LayerWeight | undefined;
      const values = stored[position]?.values();
      if (weight === undefined || values === undefined) throw new Error(`no weight of ${layer}`);
      tf.tidy(() => weight.write(tf.tensor(values, [...shape], 'float32')));
    }
  } finally {
    file.close();
  }
}
