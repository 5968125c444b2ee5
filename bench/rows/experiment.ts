import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ferCsv } from '../data.ts';
import { inPairs, run, runCommand } from '../measure.ts';
import type { Row } from '../row.ts';

const sequential = fileURLToPath(new URL('../../experiments/sequential.yaml', import.meta.url));

export const experiment: Row = {
  name: 'experiment',
  description: "whole 5-fold experiment of the thesis's CNN, folds side by side",
  async measure({ quick, directory, python }) {
    const rows = quick ? 140 : 2000;
    const [folds, epochs] = quick ? [2, 1] : [5, 3];
    const csv = ferCsv(directory, rows);
    const file = join(directory, 'experiment.yaml');
    writeFileSync(
      file,
      `extends: ${sequential}
name: bench-experiment
dataset: { source: { path: ${csv} } }
split: { strategy: { folds: ${folds} } }
training: { epochs: ${epochs}, callbacks: [] }
`,
    );
    const interpreter = await python();
    const script = ['bench/python/experiment.py', csv, String(folds), String(epochs)];
    const pairs = await inPairs(
      quick ? 1 : 2,
      async () => {
        rmSync(join(directory, 'cache'), { recursive: true, force: true });
        return (await runCommand(['run', file, '--fresh', '--no-track'], directory)).seconds;
      },
      async () => (await run(interpreter, script)).seconds,
    );
    const note =
      `${rows} images × ${epochs} epochs × ${folds} folds, from the start of the process to its ` +
      'end: reading the file, training, metrics, and here the report';
    return [{ what: this.description, unit: 's', limit: { ratio: 0.75 }, pairs, note }];
  },
};
