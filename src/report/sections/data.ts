/** What was learned from: classes, roles of each fold, duplicates, sample pictures. */
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { drawChart } from '../charts.ts';
import type { Figures } from '../figures.ts';
import { formatCount } from '../format.ts';

export async function data({ config, dataset, split }: ExperimentResult, figures: Figures) {
  const { classes, duplicates, image, samples } = dataset;
  const share = (count: number) => `${((100 * count) / samples).toFixed(1)} %`;
  const roles = ['train', 'validation', 'test'] as const;
  return {
    fingerprint: dataset.fingerprint,
    source: JSON.stringify(sourceOf(config)),
    shape: `${image.height} × ${image.width} × ${image.channels}`,
    samples: formatCount(samples),
    notes: dataset.notes,
    duplicates: {
      ...duplicates,
      none: duplicates.identical_clusters === 0 && duplicates.near_clusters === 0,
    },
    split: split.type,
    splitHash: split.hash,
    deviation: formatCount(split.largest_deviation),
    grouped: split.grouped,
    classChart: await drawChart(
      'class-counts',
      classes.map(({ name, count }) => ({
        class: name,
        count,
        label: `${formatCount(count)} (${share(count)})`,
      })),
    ),
    splitChart: await drawChart(
      'split',
      split.folds.flatMap((fold) =>
        roles.map((role, order) => ({ fold: String(fold.fold), role, order, count: fold[role] })),
      ),
    ),
    classNames: classes.map(({ name }) => name),
    folds: split.folds.map((fold) => ({
      fold: fold.fold,
      sizes: roles.map((role) => formatCount(fold[role])),
      testClasses: fold.test_classes.map(formatCount),
    })),
    samplesByClass: classes.map(({ name, count }) => ({
      name,
      count: formatCount(count),
      pictures: figures.samples.filter((sample) => sample.class === name),
    })),
    hasSamples: figures.samples.length > 0,
  };
}

function sourceOf(config: ExperimentResult['config']): unknown {
  const { dataset } = config;
  return typeof dataset === 'object' && dataset !== null && 'source' in dataset
    ? dataset.source
    : null;
}
