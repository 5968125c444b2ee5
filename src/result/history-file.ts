/** `history.csv`: one row per epoch, in Keras's CSVLogger form with time and learning rate added. */
import { readFileSync } from 'node:fs';
import type { EpochRecord } from '../training/epoch-record.ts';
import { writeAtomically } from './run-directory.ts';

const fixed = ['epoch', 'seconds', 'learning_rate'] as const;

export function writeHistory(path: string, epochs: readonly EpochRecord[]): void {
  const names = [...new Set(epochs.flatMap(({ values }) => Object.keys(values)))];
  const rows = epochs.map((record) =>
    [
      record.epoch,
      record.seconds,
      record.learning_rate,
      ...names.map((name) => record.values[name] ?? ''),
    ].join(','),
  );
  writeAtomically(path, `${[[...fixed, ...names].join(','), ...rows].join('\n')}\n`);
}

export function readHistory(path: string): EpochRecord[] {
  const [header = '', ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',').slice(fixed.length);
  return rows.map((row) => {
    const [epoch, seconds, learning_rate, ...cells] = row.split(',');
    const present = names.flatMap((name, i): [string, number][] =>
      cells[i] === undefined || cells[i] === '' ? [] : [[name, Number(cells[i])]],
    );
    return {
      epoch: Number(epoch),
      seconds: Number(seconds),
      learning_rate: Number(learning_rate),
      values: Object.fromEntries(present),
    };
  });
}
