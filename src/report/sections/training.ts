/** Curves over epochs of every fold, how long it took, and how the model was chosen. */
import { existsSync } from 'node:fs';
import type { ExperimentResult, FoldRecord } from '../../result/experiment-result.ts';
import { readHistory } from '../../result/history-file.ts';
import type { RunPaths } from '../../result/run-directory.ts';
import type { EpochRecord } from '../../training/epoch-record.ts';
import { drawChart } from '../charts.ts';
import { formatDuration } from '../format.ts';

type FoldCurves = { readonly fold: FoldRecord; readonly epochs: readonly EpochRecord[] };

export async function training({ folds, selection }: ExperimentResult, paths: RunPaths) {
  const curves = folds.flatMap((fold): FoldCurves[] => {
    const { history } = paths.fold(fold.fold);
    return existsSync(history) ? [{ fold, epochs: readHistory(history) }] : [];
  });
  const trained = folds.filter(({ seconds }) => seconds > 0);
  const total = trained.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    selection: describeSelection(selection),
    curves: await Promise.all(
      metricsOf(curves).map((name) => drawChart('curves', pointsOf(curves, name), name)),
    ),
    secondsChart: await drawChart(
      'seconds',
      trained.map(({ fold, seconds }) => ({
        fold: String(fold),
        seconds,
        label: formatDuration(seconds),
      })),
    ),
    meanTime: trained.length === 0 ? '' : formatDuration(total / trained.length),
  };
}

function describeSelection({ rule, monitor }: ExperimentResult['selection']): string {
  if (rule === 'last_epoch')
    return 'The model of a fold is that of its last epoch, marked by a dot.';
  if (monitor === null) return '';
  return `The model of a fold is that of its best epoch by ${monitor} (${rule}), marked by a dot.`;
}

/** Loss first, then in the order of the history. */
function metricsOf(curves: readonly FoldCurves[]): string[] {
  const names = curves.flatMap(({ epochs }) =>
    epochs.flatMap(({ values }) => Object.keys(values).map((name) => name.replace(/^val_/, ''))),
  );
  return [...new Set(['loss', ...names])].filter((name) => names.includes(name));
}

function pointsOf(curves: readonly FoldCurves[], name: string) {
  const roles = { train: name, validation: `val_${name}` };
  return curves.flatMap(({ fold, epochs }) =>
    epochs.flatMap(({ epoch, values }) =>
      Object.entries(roles).flatMap(([role, key]) => {
        const value = values[key];
        // A loss that is not a number leaves a gap.
        if (value === undefined || !Number.isFinite(value)) return [];
        const chosen = role === 'validation' && epoch === fold.best_epoch;
        return [{ fold: String(fold.fold), role, epoch, value, chosen }];
      }),
    ),
  );
}
