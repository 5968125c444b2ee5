/** Reads a fer2013.csv with all checks, and once more from the cache. Prints the seconds of both. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset } from '../../src/dataset/load.ts';
import { scratch, sequentialConfig } from './cnn.ts';

const [csv = ''] = process.argv.slice(2);
const cache = mkdtempSync(join(scratch(), 'csv-'));
const { dataset } = sequentialConfig(csv);
const seconds: number[] = [];
for (let time = 0; time < 2; time += 1) {
  const started = performance.now();
  await loadDataset(dataset, { seed: 0, cacheDirectory: cache });
  seconds.push((performance.now() - started) / 1000);
}
rmSync(cache, { recursive: true });
console.log(JSON.stringify({ first: seconds[0], again: seconds[1] }));
