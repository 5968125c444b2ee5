/** A run as a comparison needs it: the result, and which samples were recognised. */
import { predictedClass, readPredictions } from '../result/predictions-file.ts';
import { readResult } from '../result/read-result.ts';
import type { RunPaths } from '../result/run-directory.ts';
import type { RunToCompare } from './compare-runs.ts';

export function readRunToCompare(run: RunPaths): RunToCompare {
  const result = readResult(run);
  const classes = result.dataset.classes.map(({ name }) => name);
  const correct = new Map<number, boolean>();
  for (const { fold, partition, repeat, status } of result.folds) {
    if (status !== 'completed' || repeat !== 0 || fold !== partition) continue;
    const { indices, labels, probabilities } = readPredictions(
      run.fold(fold).predictions,
      classes,
      null,
    );
    indices.forEach((index, row) => {
      correct.set(index, predictedClass(probabilities, row, classes.length) === labels[row]);
    });
  }
  return { result, correct };
}
