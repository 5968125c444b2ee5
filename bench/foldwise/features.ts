/**
 * The frozen VGG16's features of a file and the training of the thesis's head on them. Prints the
 * seconds of the pass over all pictures and the milliseconds of each step of the head.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { modelHooks } from '../../src/config/check.ts';
import { loadExperiment } from '../../src/config/load.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { openImages } from '../../src/dataset/open-images.ts';
import { preprocessingOf } from '../../src/model/backbones/preprocessing.ts';
import { buildModel } from '../../src/model/build-model.ts';
import { checkModel } from '../../src/model/check-model.ts';
import { loadWeights } from '../../src/model/weights/load-weights.ts';
import { openFrozenPart } from '../../src/training/features/frozen-part.ts';
import { splitAtFrozen } from '../../src/training/features/split-graph.ts';
import { imageInput } from '../../src/training/input-source.ts';
import { trainFold } from '../../src/training/train-fold.ts';
import { openEngine, scratch } from './cnn.ts';

const [file = '', weights = '', steps = '60'] = process.argv.slice(2);
const { config } = loadExperiment(file, { set: [] });
const dataset = await loadDataset(config.dataset, {
  seed: 0,
  cacheDirectory: join(scratch(), 'cache'),
});
const shape = { shape: [48, 48, 3], classes: dataset.classes.length };
const { graph, problems } = checkModel(config.model, shape, modelHooks);
const { split } = graph ? splitAtFrozen(graph, config.training) : {};
if (!graph || !split || !config.model.backbone) throw new Error(JSON.stringify(problems));
const tf = await openEngine();
const model = buildModel(tf, graph, { seed: 1 });
await loadWeights(tf, model, graph, weights);
const part = openFrozenPart(tf, {
  ...{ model, split, mode: 'auto', circumstances: null },
  cache: { directory: mkdtempSync(join(scratch(), 'features-')), limit: 1e12 },
  onNote: () => {},
  onProgress: () => {},
  shouldStop: () => false,
});
const started = performance.now();
const { input } = await part.featuresOf({
  input: imageInput(tf, openImages(dataset.images), preprocessingOf(config.model.backbone, 3)),
  samples: dataset.images.samples,
  fingerprint: dataset.fingerprint,
});
const pass = (performance.now() - started) / 1000;
const warmUp = 10;
const train = Uint32Array.from(
  { length: (warmUp + Number(steps)) * 32 },
  (_, i) => i % dataset.labels.length,
);
const ends: number[] = [];
await trainFold({
  ...{ tf, input, labels: dataset.labels, classes: dataset.classes },
  model: part.head,
  fold: { fold: 0, repeat: 0, train, validation: new Uint32Array() },
  config: { ...config.training, epochs: 1, callbacks: [] },
  monitors: [],
  seed: 1,
  stateDirectory: join(mkdtempSync(join(scratch(), 'head-')), 'state'),
  smoke: false,
  onEpoch: () => {},
  onProgress: () => ends.push(performance.now()),
  shouldStop: () => false,
});
const each = ends.slice(warmUp).map((end, i) => end - (ends[warmUp + i - 1] ?? 0));
console.log(JSON.stringify({ pass, steps: each }));
