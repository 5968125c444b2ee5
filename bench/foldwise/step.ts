/** Steps of the thesis's CNN as a fold trains them. Prints milliseconds of each. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { buildModel } from '../../src/model/build-model.ts';
import { trainFold } from '../../src/training/train-fold.ts';
import { cnnGraph, loadCsv, openEngine, pixelInput, scratch, sequentialConfig } from './cnn.ts';

const [csv = '', warmUp = '10', measured = '60'] = process.argv.slice(2);
const steps = Number(warmUp) + Number(measured);
const dataset = await loadCsv(csv, join(scratch(), 'cache'));
const tf = await openEngine();
const train = Uint32Array.from({ length: steps * 32 }, (_, i) => i % dataset.labels.length);
const ends: number[] = [];
await trainFold({
  tf,
  model: buildModel(tf, cnnGraph(csv), { seed: 1 }),
  input: pixelInput(tf, dataset),
  labels: dataset.labels,
  classes: dataset.classes,
  fold: { fold: 0, repeat: 0, train, validation: new Uint32Array() },
  config: { ...sequentialConfig(csv).training, epochs: 1, callbacks: [] },
  monitors: [],
  seed: 1,
  stateDirectory: join(mkdtempSync(join(scratch(), 'step-')), 'state'),
  smoke: false,
  onEpoch: () => {},
  onProgress: () => ends.push(performance.now()),
  shouldStop: () => false,
});
const each = ends.slice(Number(warmUp)).map((end, i) => end - (ends[Number(warmUp) + i - 1] ?? 0));
console.log(JSON.stringify(each));
