import { ferCsv } from '../data.ts';
import { lastLine, runFoldwise } from '../measure.ts';
import type { Row } from '../row.ts';

export const memory: Row = {
  name: 'memory',
  description: "memory of a fold process, the thesis's CNN",
  async measure({ quick, directory }) {
    const rows = quick ? 210 : 35_887;
    const [epochs, samples] = quick ? [2, 64] : [8, 640];
    const file = ferCsv(directory, rows);
    const ended = await runFoldwise('memory', [file, String(epochs), String(samples)]);
    const { epochs: each, peak } = lastLine<{ epochs: number[]; peak: number }>(ended);
    const note = `file of ${rows} images, of which ${samples} train in ${epochs} epochs`;
    const growth = (each.at(-1) ?? Number.NaN) - (each[1] ?? each[0] ?? Number.NaN);
    return [
      {
        what: `${this.description}: peak`,
        unit: 'MB',
        limit: { value: 1200 },
        values: [peak],
        note,
      },
      {
        what: `${this.description}: growth from the second epoch to the last`,
        unit: 'MB',
        limit: { value: 50 },
        values: [growth],
        note,
      },
    ];
  },
};
