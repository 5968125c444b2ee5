/** Ready-made parts for the measured programs: the thesis's CNN, and the images of a file. */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadExperiment } from '../../src/config/load.ts';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { openImages } from '../../src/dataset/open-images.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { installFastKernels } from '../../src/engine/kernels/install.ts';
import { loadEngine } from '../../src/engine/load.ts';
import { checkModel } from '../../src/model/check-model.ts';
import type { ModelGraph } from '../../src/model/graph.ts';
import { imageInput } from '../../src/training/input-source.ts';

const sequential = fileURLToPath(new URL('../../experiments/sequential.yaml', import.meta.url));

/** The config of experiments/sequential.yaml on the given file. */
export const sequentialConfig = (csv: string) =>
  loadExperiment(sequential, { set: [`dataset.source.path=${csv}`] }).config;

export async function loadCsv(csv: string, cacheDirectory: string): Promise<Dataset> {
  return loadDataset(sequentialConfig(csv).dataset, { seed: 0, cacheDirectory });
}

export function cnnGraph(csv: string): ModelGraph {
  const image = { shape: [48, 48, 1], classes: 7 };
  const { graph, problems } = checkModel(sequentialConfig(csv).model, image);
  if (!graph) throw new Error(JSON.stringify(problems));
  return graph;
}

export async function openEngine(): Promise<Engine> {
  const tf = await loadEngine({ device: 'cpu' });
  installFastKernels(tf);
  return tf;
}

export const pixelInput = (tf: Engine, { images }: Dataset) =>
  imageInput(tf, openImages(images), { mean: [0], scale: [1 / 255], reverse_channels: false });

export const scratch = () => process.env.FOLDWISE_BENCH_DIRECTORY ?? tmpdir();
