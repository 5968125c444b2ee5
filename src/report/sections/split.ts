/** How the samples were divided: roles of each fold, and classes of the test parts. */
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { drawChart } from '../charts.ts';
import { formatCount } from '../format.ts';

const roles = ['train', 'validation', 'test'] as const;

export async function split({ dataset, split: { folds, ...split } }: ExperimentResult) {
  const bound = split.deviation_bound ?? null;
  return {
    type: split.type,
    hash: split.hash,
    grouped: split.grouped,
    // One test part has nothing to deviate from.
    several: folds.length > 1,
    deviation: formatShare(split.largest_deviation),
    bound: bound === null ? '' : formatCount(bound),
    together: bound === null ? 0 : bound - 1,
    chart: await drawChart(
      'split',
      folds.flatMap((fold) =>
        roles.map((role, order) => ({ fold: String(fold.fold), role, order, count: fold[role] })),
      ),
    ),
    classNames: dataset.classes.map(({ name }) => name),
    shares: dataset.classes.map((_, label) => formatShare(meanOf(folds, label))),
    folds: folds.map((fold) => ({
      fold: fold.fold,
      sizes: roles.map((role) => formatCount(fold[role])),
      classes: fold.test_classes.map((count, label) => cellOf(count, meanOf(folds, label))),
    })),
  };
}

type Folds = ExperimentResult['split']['folds'];

const meanOf = (folds: Folds, label: number): number =>
  folds.reduce((sum, { test_classes }) => sum + (test_classes[label] ?? 0), 0) / folds.length;

/** Colour tells how far a count is from an equal share, and to which side. */
function cellOf(count: number, share: number) {
  const deviation = share === 0 ? 0 : (count - share) / share;
  const depth = Math.min(1, Math.abs(deviation));
  return {
    count,
    text: formatCount(count),
    depth: depth.toFixed(3),
    side: deviation < 0 ? 'fewer' : 'more',
    title: `${count} where an equal share is ${formatShare(share)}`,
  };
}

/** Whole where it is whole. */
const formatShare = (share: number): string =>
  Number.isInteger(share) ? formatCount(share) : share.toFixed(1);
