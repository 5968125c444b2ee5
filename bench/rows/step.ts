import { ferCsv } from '../data.ts';
import { inPairs, lastLine, median, run, runFoldwise } from '../measure.ts';
import type { Row } from '../row.ts';

export const step: Row = {
  name: 'step',
  description: "training step of the thesis's CNN, batch 32",
  async measure({ quick, directory, python }) {
    const csv = ferCsv(directory, quick ? 210 : 2000);
    const [warmUp, steps] = quick ? ['2', '3'] : ['15', '60'];
    const interpreter = await python();
    const pairs = await inPairs(
      quick ? 1 : 4,
      async () => median(lastLine<number[]>(await runFoldwise('step', [csv, warmUp, steps]))),
      async () =>
        median(
          lastLine<number[]>(await run(interpreter, ['bench/python/step.py', csv, warmUp, steps])),
        ),
    );
    const note = `medians of ${steps} steps after ${warmUp}, each in a process of its own`;
    return [{ what: this.description, unit: 'ms', limit: { ratio: 0.8 }, pairs, note }];
  },
};
