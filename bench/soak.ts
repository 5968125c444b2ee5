/**
 * Soak test: 200 epochs of a small model, as graphs and op by op. The number of tensors has to stay
 * the same and memory has to stay flat.
 *
 *   node --import tsx bench/soak.ts [EPOCHS]          (about two minutes; exit code 1 when it grows)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadExperiment } from '../src/config/load.ts';
import { loadDataset } from '../src/dataset/load.ts';
import { openImages } from '../src/dataset/open-images.ts';
import { pixelTransform } from '../src/dataset/pixel-transform.ts';
import { buildModel } from '../src/model/build-model.ts';
import { checkModel } from '../src/model/check-model.ts';
import { imageInput } from '../src/training/input-source.ts';
import type { ExecutionMode } from '../src/training/step-runner.ts';
import { trainFold } from '../src/training/train-fold.ts';
import { openEngine } from './foldwise/cnn.ts';
import { median } from './measure.ts';

const epochs = Number(process.argv[2] ?? 200);
/** V8 and malloc settle in the first epochs. */
const settled = Math.ceil(epochs / 4);
/** Less than what one leaked batch of images per epoch would add up to. */
const allowedGrowth = 20e6;

const directory = mkdtempSync(join(tmpdir(), 'foldwise-soak-'));
const quickstart = fileURLToPath(new URL('../experiments/quickstart.yaml', import.meta.url));
const { config } = loadExperiment(quickstart, { set: ['dataset.limit=40'] });
const dataset = await loadDataset(config.dataset, { seed: 0, cacheDirectory: directory });
const { height, width, channels } = dataset.images;
const image = { shape: [height, width, channels], classes: dataset.classes.length };
const { graph } = checkModel(config.model, image);
if (!graph) throw new Error('the quickstart has no model');
const tf = await openEngine();

async function soak(mode: ExecutionMode): Promise<boolean> {
  if (!graph) return false;
  const seen: { tensors: number; memory: number }[] = [];
  const all = Uint32Array.from(dataset.labels, (_, i) => i);
  const end = Math.floor(all.length * 0.8);
  const model = buildModel(tf, graph, { seed: 1 });
  await trainFold({
    ...{ tf, model, mode, labels: dataset.labels, classes: dataset.classes },
    input: imageInput(tf, openImages(dataset.images), pixelTransform({}, channels, undefined)),
    fold: { fold: 0, repeat: 0, train: all.subarray(0, end), validation: all.subarray(end) },
    config: { ...config.training, epochs, callbacks: [] },
    monitors: ['accuracy'],
    seed: 1,
    stateDirectory: join(directory, mode, 'state'),
    smoke: false,
    onEpoch: () => {
      const { numTensors } = tf.memory();
      seen.push({ tensors: numTensors, memory: process.memoryUsage().rss });
    },
    shouldStop: () => false,
  });
  const late = seen.slice(settled);
  const tensors = new Set(late.map((one) => one.tensors));
  const quarter = Math.ceil(late.length / 4);
  const of = (part: typeof late) => median(part.map(({ memory }) => memory));
  const growth = of(late.slice(-quarter)) - of(late.slice(0, quarter));
  const flat = tensors.size === 1 && growth < allowedGrowth;
  console.log(
    `${mode}: ${seen.length} epochs, tensors ${[...tensors].join(', ')}, memory ` +
      `${(of(late) / 1e6).toFixed(0)} MB, growth ${(growth / 1e6).toFixed(1)} MB: ` +
      (flat ? 'flat' : 'GROWS'),
  );
  return flat;
}

try {
  const results = [await soak('graph'), await soak('eager')];
  if (results.includes(false)) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
