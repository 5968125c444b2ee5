/** Puts the weights of a file into the backbone or the imported model of a built model. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import { ExperimentError } from '../../errors.ts';
import type { ModelGraph } from '../graph.ts';
import { openHdf5 } from './hdf5-file.ts';
import { openSavedModel } from './saved-model.ts';
import { unfit, type WeightFile } from './stored.ts';
import { wantedWeights } from './wanted.ts';
import { readZipEntry } from './zip.ts';

/** tfjs's LayerVariable, as far as it is used here. */
type LayerWeight = { write(value: Tensor): void };

/**
 * Sets every weight of the graph's base. `path`: `.h5`, `.weights.h5`, `.keras`, a tfjs
 * `model.json`, or the folder of one.
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

async function openWeights(path: string): Promise<WeightFile> {
  if (!existsSync(path)) {
    throw new ExperimentError(
      'DATA_MISSING',
      `the weights ${path} are not there`,
      'Paths in an experiment are relative to its file.',
    );
  }
  if (existsSync(join(path, 'model.json'))) return openSavedModel(join(path, 'model.json'));
  if (basename(path) === 'model.json') return openSavedModel(path);
  return path.endsWith('.keras') ? openKerasArchive(path) : openHdf5(path);
}

/** HDF5 reads from files alone, so the archive's weights go through one. */
async function openKerasArchive(path: string): Promise<WeightFile> {
  const directory = mkdtempSync(join(tmpdir(), 'foldwise-'));
  const file = join(directory, 'model.weights.h5');
  try {
    const content = readZipEntry(path, basename(file));
    if (content === undefined) throw new Error('no model.weights.h5 in it');
    writeFileSync(file, content);
    return await openHdf5(file, path).then((opened) => ({
      ...opened,
      close: () => {
        opened.close();
        rmSync(dirname(file), { recursive: true });
      },
    }));
  } catch (error) {
    rmSync(directory, { recursive: true });
    if (error instanceof ExperimentError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw unfit(path, `it cannot be read as a .keras archive: ${reason}`);
  }
}
