/** What was learned from: classes, roles of each fold, sample pictures. */
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { drawChart } from '../charts.ts';
import type { Figures } from '../figures.ts';
import { formatCount } from '../format.ts';
import { duplicates } from './duplicates.ts';
import { describeSource } from './source.ts';
import { split } from './split.ts';

export async function data(result: ExperimentResult, figures: Figures) {
  const { classes, image, samples, fingerprint, notes } = result.dataset;
  const share = (count: number) => `${((100 * count) / samples).toFixed(1)} %`;
  return {
    fingerprint,
    source: describeSource(result.config),
    shape: `${image.height} × ${image.width} × ${image.channels}`,
    samples: formatCount(samples),
    notes,
    duplicates: duplicates(result, figures.duplicates),
    split: await split(result),
    classChart: await drawChart(
      'class-counts',
      classes.map(({ name, count }) => ({
        class: name,
        count,
        label: `${formatCount(count)} (${share(count)})`,
      })),
    ),
    samplesByClass: classes.map(({ name, count }) => ({
      name,
      count: formatCount(count),
      pictures: figures.samples.filter((sample) => sample.class === name),
    })),
    hasSamples: figures.samples.length > 0,
  };
}
