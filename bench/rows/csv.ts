import { statSync } from 'node:fs';
import { ferCsv } from '../data.ts';
import { inPairs, lastLine, run, runFoldwise } from '../measure.ts';
import type { Row } from '../row.ts';

export const csv: Row = {
  name: 'csv',
  description: 'reading fer2013.csv, with all checks',
  async measure({ quick, directory, python }) {
    const rows = quick ? 210 : 35_887;
    const file = ferCsv(directory, rows);
    const interpreter = await python();
    const again: number[] = [];
    const pairs = await inPairs(
      quick ? 1 : 5,
      async () => {
        const ended = await runFoldwise('read-csv', [file]);
        const times = lastLine<{ first: number; again: number }>(ended);
        again.push(times.again);
        return times.first;
      },
      async () => lastLine<number>(await run(interpreter, ['bench/python/read_csv.py', file])),
    );
    const megabytes = Math.round(statSync(file).size / 1e6);
    const size = `${rows} images, ${megabytes} MB`;
    return [
      {
        what: `${this.description}, the first time`,
        unit: 's',
        limit: { ratio: 1 / 12 },
        pairs,
        note: `${size}; against pandas and a split of each row`,
      },
      {
        what: `${this.description}, from the cache`,
        unit: 's',
        limit: { value: 0.1 },
        values: again,
        note: size,
      },
    ];
  },
};
