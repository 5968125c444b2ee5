/** From the config to a weight file on this machine that fits the model. Loads no TensorFlow. */
import { heightAndWidth } from '../../dataset/picture.ts';
import type { ModelGraph } from '../graph.ts';
import { readModelFile } from '../import/model-file.ts';
import type { ModelConfig } from '../schema.ts';
import { type DownloadProgress, fetchWeights, kerasCache } from './download.ts';
import { imagenetFile } from './imagenet.ts';
import { openWeights } from './open-weights.ts';
import { wantedWeights } from './wanted.ts';

/**
 * Path of the weights that the model starts from, downloaded if they are Keras's own; null when
 * all weights are random.
 *
 * @throws {ExperimentError} NETWORK, DATA_MISSING or DATA_INVALID, with what to do.
 */
export async function resolveWeights(
  config: ModelConfig,
  graph: ModelGraph,
  onProgress?: DownloadProgress,
): Promise<string | null> {
  const path = await weightPath(config, graph, onProgress);
  if (path === null) return null;
  const file = await openWeights(path);
  try {
    file.find(wantedWeights(graph));
  } finally {
    file.close();
  }
  return path;
}

async function weightPath(
  { backbone, import: model }: ModelConfig,
  graph: ModelGraph,
  onProgress: DownloadProgress | undefined,
): Promise<string | null> {
  if (model !== undefined) return readModelFile(model).hasWeights ? model : null;
  if (!backbone || backbone.weights === 'none') return null;
  if (backbone.weights !== 'imagenet') return backbone.weights;
  const file = imagenetFile(backbone, pictureSize(backbone, graph));
  return fetchWeights(file, kerasCache(), onProgress);
}

/** Height and width of what goes into the backbone. */
function pictureSize(
  { input_size: size }: NonNullable<ModelConfig['backbone']>,
  { input: [height, width] }: ModelGraph,
): readonly [number, number] {
  if (size === undefined) return [height ?? 0, width ?? 0];
  const given = heightAndWidth(size);
  return [given.height, given.width];
}
