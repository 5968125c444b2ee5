/** Which single model of a run to use: the fold that did best on its validation part, never on test. */
import { ExperimentError } from '../errors.ts';
import { resolveMetric } from '../metrics/names.ts';
import type { ExperimentResult, FoldRecord } from '../result/experiment-result.ts';
import { readHistory } from '../result/history-file.ts';
import type { RunPaths } from '../result/run-directory.ts';

export type ChosenFold = {
  readonly fold: number;
  /** What it was chosen by, such as `val_loss`; null when the user named it. */
  readonly monitor: string | null;
  readonly value: number | null;
};

/**
 * The named fold, or the best by the run's own monitor (`val_loss` where it had none that looks at
 * validation) at the epoch whose weights were kept.
 *
 * @throws {ExperimentError} USAGE when there is no such finished fold.
 */
export function chooseFold(
  { folds, selection, dataset, run_id: id }: ExperimentResult,
  paths: RunPaths,
  named?: number,
): ChosenFold {
  const finished = folds.filter(({ status }) => status === 'completed');
  if (named !== undefined) {
    if (finished.some(({ fold }) => fold === named)) {
      return { fold: named, monitor: null, value: null };
    }
    const known = finished.map(({ fold }) => fold).join(', ') || 'none';
    throw new ExperimentError('USAGE', `run ${id} has no finished fold ${named}; it has ${known}`);
  }
  const monitor = selection.monitor?.startsWith('val_') ? selection.monitor : 'val_loss';
  const classes = dataset.classes.map(({ name }) => name);
  const isHigher = directionOf(monitor.slice('val_'.length), classes) === 'max';
  const scored = finished.flatMap((record) => {
    const value = kept(record, paths, monitor);
    return value === undefined ? [] : [{ fold: record.fold, monitor, value }];
  });
  const [best] = scored.sort((a, b) => (isHigher ? b.value - a.value : a.value - b.value));
  if (best) return best;
  throw new ExperimentError(
    'USAGE',
    `no fold of run ${id} has a ${monitor} to choose by`,
    'Name one with --fold.',
  );
}

/** The loss is no metric of the registry; it is better when smaller. */
const directionOf = (name: string, classes: readonly string[]): 'max' | 'min' =>
  resolveMetric(name, classes)?.of.definition.direction ?? 'min';

/** The monitor's value at the epoch whose weights the fold's model has. */
const kept = (
  { fold, best_epoch: epoch }: FoldRecord,
  paths: RunPaths,
  monitor: string,
): number | undefined =>
  readHistory(paths.fold(fold).history).find((record) => record.epoch === epoch)?.values[monitor];
