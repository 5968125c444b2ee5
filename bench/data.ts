/** A file like fer2013.csv: seven classes of 48 × 48 pixels with a pattern under noise. */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const classes = 7;
const side = 48;

/** Writes (or finds) a file of so many rows and gives its path. */
export function ferCsv(directory: string, rows: number): string {
  const path = join(directory, `fer-${rows}.csv`);
  if (existsSync(path)) return path;
  const file = openSync(path, 'w');
  writeSync(file, 'emotion,pixels,Usage\n');
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return state >>> 24;
  };
  for (let row = 0; row < rows; row += 1) {
    const label = row % classes;
    const pixels = Array.from({ length: side * side }, (_, i) => {
      const stripe = (i % side) % (label + 2) === 0 ? 96 : 0;
      return stripe + Math.floor((next() * 159) / 255);
    });
    const usage = row % 10 < 8 ? 'Training' : row % 10 === 8 ? 'PublicTest' : 'PrivateTest';
    writeSync(file, `${label},${pixels.join(' ')},${usage}\n`);
  }
  closeSync(file);
  return path;
}
