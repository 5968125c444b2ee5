/** Runs an experiment until its first training batch; ends then. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExperiment } from '../../src/config/load.ts';
import { runExperiment } from '../../src/execution/run-experiment.ts';

const [file = ''] = process.argv.slice(2);
const nothing = () => {};
await runExperiment(
  loadExperiment(file, { set: [] }),
  {
    root: mkdtempSync(join(process.env.FOLDWISE_BENCH_DIRECTORY ?? tmpdir(), 'runs-')),
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
