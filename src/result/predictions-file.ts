/** `predictions.csv`: `index,true,predicted,p_<class>…`, one row per image, exact float64. */
import { readFileSync } from 'node:fs';
import type { Predictions } from '../metrics/predictions.ts';
import { writeAtomically } from './run-directory.ts';

const quote = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Class with the highest probability; the first one among equals, as NumPy's argmax. */
export function predictedClass(probabilities: Float64Array, row: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++)
    if ((probabilities[row * classes + c] ?? 0) > (probabilities[row * classes + best] ?? 0))
      best = c;
  return best;
}

/** Numbers are written in JavaScript's shortest form, which reads back to the same float64. */
export function writePredictions(path: string, predictions: Predictions): void {
  const { indices, labels, probabilities, classes } = predictions;
  const lines = [['index', 'true', 'predicted', ...classes.map((c) => quote(`p_${c}`))].join(',')];
  for (let row = 0; row < indices.length; row++) {
    const scores = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
    lines.push(
      [
        indices[row],
        quote(classes[labels[row] ?? 0] ?? ''),
        quote(classes[predictedClass(probabilities, row, classes.length)] ?? ''),
        ...scores,
      ].join(','),
    );
  }
  writeAtomically(path, `${lines.join('\n')}\n`);
}

/** Reads what `writePredictions` wrote; the classes in the order of the run's own class list. */
export function readPredictions(
  path: string,
  classes: readonly string[],
  loss: number | null,
): Predictions {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  const labelOf = new Map(classes.map((name, label) => [name, label]));
  const indices = new Uint32Array(lines.length);
  const labels = new Int32Array(lines.length);
  const probabilities = new Float64Array(lines.length * classes.length);
  for (const [row, line] of lines.entries()) {
    const cells = splitCsvLine(line);
    indices[row] = Number(cells[0]);
    labels[row] = labelOf.get(cells[1] ?? '') ?? -1;
    for (let c = 0; c < classes.length; c++)
      probabilities[row * classes.length + c] = Number(cells[3 + c]);
  }
  return { indices, labels, probabilities, classes, loss };
}

function splitCsvLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  );
}
