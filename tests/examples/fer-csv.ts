/** A small file in the exact form of FER-2013's: header, 48×48 grey values from 0 to 255, Usage. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const pixels = 48 * 48;
const classes = 7;
const usages = ['Training', 'Training', 'PublicTest', 'PrivateTest'];

/** Noise around a brightness of the class's own: something to learn, and no picture twice. */
export function ferRows(perClass: number): string[] {
  const next = numbers(1);
  return Array.from({ length: perClass * classes }, (_, index) => {
    const label = index % classes;
    const picture = Array.from({ length: pixels }, () => 20 * label + (next() % 120));
    return `${label},${picture.join(' ')},${usages[Math.floor(index / classes) % usages.length]}`;
  });
}

/** Writes the rows as a file, with the header of the original. */
export function writeFerCsv(path: string, rows: readonly string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${['emotion,pixels,Usage', ...rows].join('\n')}\n`);
  return path;
}

/** The same whole numbers on every machine (a linear congruential generator, Numerical Recipes). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
