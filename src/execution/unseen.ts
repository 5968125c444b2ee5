/** Datasets that were never trained on, as every fold's model and their ensemble predict them. */
import type { Dataset } from '../dataset/dataset.ts';
import { ensembleOf } from '../result/ensemble.ts';
import type { FoldRecord, Summary, UnseenResult } from '../result/experiment-result.ts';
import { evaluateFold } from '../result/fold-evaluation.ts';
import { readPredictions } from '../result/predictions-file.ts';
import type { RunPaths } from '../result/run-directory.ts';
import { summarize } from '../result/summarize.ts';
import type { PreparedExperiment } from './prepare.ts';

export function evaluateUnseen(
  { unseen }: PreparedExperiment,
  run: RunPaths,
  folds: readonly FoldRecord[],
  names: readonly string[],
): Record<string, UnseenResult> {
  // The loss belongs to the test part; other data have none of their own.
  const measurable = names.filter((name) => name !== 'loss');
  const completed = folds.filter(({ status }) => status === 'completed');
  return Object.fromEntries(
    Object.entries(unseen).flatMap(([name, dataset]) =>
      completed.length === 0
        ? []
        : [[name, resultOf(name, dataset, run, completed, measurable)] as const],
    ),
  );
}

function resultOf(
  name: string,
  dataset: Dataset,
  run: RunPaths,
  folds: readonly FoldRecord[],
  names: readonly string[],
): UnseenResult {
  const predictions = folds.map(({ fold }) =>
    readPredictions(run.fold(fold).unseen(name), dataset.classes, null),
  );
  const evaluated = predictions.map((one) => evaluateFold(one, names));
  const records = evaluated.map(({ metrics }, partition) => ({
    partition,
    status: 'completed' as const,
    metrics,
  }));
  const counts = dataset.classes.map(() => 0);
  for (const label of dataset.labels) counts[label] = (counts[label] ?? 0) + 1;
  const { metrics, per_class, confusion_matrix } = evaluateFold(ensembleOf(predictions), names);
  return {
    fingerprint: dataset.fingerprint,
    samples: dataset.images.samples,
    classes: dataset.classes.map((label, i) => ({ name: label, count: counts[i] ?? 0 })),
    folds: folds.map(({ fold }, i) => ({ fold, metrics: evaluated[i]?.metrics ?? {} })),
    ensemble: { metrics, per_class, confusion_matrix },
    summary: withoutIntervals(
      summarize(
        names,
        records,
        folds.map(() => anySize),
        undefined,
        0,
      ),
    ),
  };
}

/** Sizes enter the corrected interval alone, which is left out here. */
const anySize = { train: 1, test: 1 };

/** All models are tested on the same pictures: an interval over folds would mean something else. */
const withoutIntervals = (summary: Record<string, Summary>): Record<string, Summary> =>
  Object.fromEntries(
    Object.entries(summary).map(([name, values]) => [name, { ...values, ci95: null }]),
  );
