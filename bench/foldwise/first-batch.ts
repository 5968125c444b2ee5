/** Runs an experiment until its first training batch; ends then. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './cnn.ts';

// The built program: what is measured is its start.
const dist = (path: string) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const [{ loadExperiment }, { runExperiment }] = await Promise.all([
  dist('config/load.js'),
  dist('execution/run-experiment.js'),
]);
const [file = ''] = process.argv.slice(2);
const nothing = () => {};
await runExperiment(
  loadExperiment(file, { set: [] }),
  {
    root: mkdtempSync(join(scratch(), 'runs-')),
    selection: { kind: 'new' },
    smoke: false,
    track: false,
    signal: new AbortController().signal,
  },
  {
    ...{ onStep: nothing, onNote: nothing, onFoldStarted: nothing },
    ...{ onEpoch: nothing, onFoldEnded: nothing },
    onBatch: () => process.exit(0),
  },
);
