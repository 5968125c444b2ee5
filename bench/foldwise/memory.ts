/** Epochs of the thesis's CNN on a large file. Prints megabytes of memory after each, and the peak. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { buildModel } from '../../src/model/build-model.ts';
import { trainFold } from '../../src/training/train-fold.ts';
import { cnnGraph, loadCsv, openEngine, pixelInput, scratch, sequentialConfig } from './cnn.ts';

const [csv = '', epochs = '8', samples = '640'] = process.argv.slice(2);
const dataset = await loadCsv(csv, join(scratch(), 'cache'));
const tf = await openEngine();
// All over the file, so that reading it shows.
const stride = Math.max(1, Math.floor(dataset.labels.length / Number(samples)));
const all = Uint32Array.from({ length: Number(samples) }, (_, i) => i * stride);
const end = Math.floor(all.length * 0.9);
const memory: number[] = [];
await trainFold({
  tf,
  model: buildModel(tf, cnnGraph(csv), { seed: 1 }),
  input: pixelInput(tf, dataset),
  labels: dataset.labels,
  classes: dataset.classes,
  fold: { fold: 0, repeat: 0, train: all.subarray(0, end), validation: all.subarray(end) },
  config: { ...sequentialConfig(csv).training, epochs: Number(epochs) },
  monitors: ['accuracy'],
  seed: 1,
  stateDirectory: join(mkdtempSync(join(scratch(), 'memory-')), 'state'),
  smoke: false,
  onEpoch: () => memory.push(process.memoryUsage().rss / 1e6),
  shouldStop: () => false,
});
const peak = process.resourceUsage().maxRSS / 1e3; // in kilobytes
console.log(JSON.stringify({ epochs: memory, peak }));
