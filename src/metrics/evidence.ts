/** Counts what most metrics need from stored predictions, and refuses broken ones. */
import { ExperimentError } from '../errors.ts';
import type { Evidence } from './define.ts';
import type { Predictions } from './predictions.ts';

/** Throws ExperimentError where probabilities are not finite or sizes do not agree. */
export function gatherEvidence(predictions: Predictions): Evidence {
  const { labels, probabilities, classes } = predictions;
  const rows = labels.length;
  const k = classes.length;
  if (probabilities.length !== rows * k)
    throw new ExperimentError(
      'DATA_INVALID',
      `${rows} predictions over ${k} classes need ${rows * k} probabilities; there are ${probabilities.length}.`,
    );
  requireFinite(probabilities, k);
  const predicted = mostProbable(probabilities, rows, k);
  const confusion = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  for (let row = 0; row < rows; row++) {
    const counts = confusion[labels[row] as number]; // row < rows
    if (!counts)
      throw new ExperimentError(
        'DATA_INVALID',
        `Row ${row} has label ${labels[row]}, and there are ${k} classes.`,
      );
    const at = predicted[row] as number; // row < rows
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return {
    ...predictions,
    rows,
    predicted,
    confusion,
    support: confusion.map((row) => row.reduce((sum, n) => sum + n, 0)),
    called: classes.map((_, c) => confusion.reduce((sum, row) => sum + (row[c] ?? 0), 0)),
  };
}

function requireFinite(probabilities: Float64Array, classes: number): void {
  const broken = probabilities.findIndex((p) => !Number.isFinite(p));
  if (broken < 0) return;
  const rows = new Set<number>();
  probabilities.forEach((p, i) => {
    if (!Number.isFinite(p)) rows.add(Math.floor(i / classes));
  });
  throw new ExperimentError(
    'INCONCLUSIVE',
    `The model predicted ${probabilities[broken]} (${rows.size} of ${probabilities.length / classes} rows are not finite, first row ${Math.floor(broken / classes)}).`,
    'Lower the learning rate, or clip the gradients (training.optimizer.clipnorm).',
  );
}

function mostProbable(probabilities: Float64Array, rows: number, classes: number): Int32Array {
  const predicted = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let best = 0;
    for (let c = 1; c < classes; c++)
      if ((probabilities[start + c] as number) > (probabilities[start + best] as number)) best = c; // in the row
    predicted[row] = best;
  }
  return predicted;
}
