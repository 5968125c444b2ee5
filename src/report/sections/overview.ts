/** The top of the page: verdict, headline number, thresholds, and what must not be overlooked. */
import { direction } from '../../metrics/names.ts';
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { headlineMetric } from '../../result/headline.ts';
import { numberCell } from '../cell.ts';
import {
  formatCount,
  formatDuration,
  formatInterval,
  formatKnowNothing,
  formatMean,
} from '../format.ts';

const verdicts = {
  none: 'No thresholds',
  passed: 'Passed',
  failed: 'Failed',
  inconclusive: 'Inconclusive',
} as const;

export function overview(result: ExperimentResult) {
  const { config, dataset, environment, folds, model, thresholds } = result;
  const { description } = config;
  return {
    verdict: thresholds.verdict,
    verdictText: result.smoke ? 'Smoke run, not judged' : verdicts[thresholds.verdict],
    description: typeof description === 'string' ? description : '',
    headline: headlineOf(result),
    banners: bannersOf(result),
    checks: thresholds.checks.map((check) => ({
      ...check,
      observed: numberCell(check.observed),
      state: check.passed === null ? 'not judged' : check.passed ? 'held' : 'missed',
      reason: check.reason ?? '',
    })),
    facts: [
      { name: 'images', value: formatCount(dataset.samples) },
      { name: 'classes', value: formatCount(dataset.classes.length) },
      { name: 'folds', value: formatCount(folds.length) },
      { name: 'parameters', value: formatCount(model.parameters.total) },
      { name: 'duration', value: formatDuration(result.seconds) },
      { name: 'device', value: environment.device },
    ],
  };
}

function headlineOf(result: ExperimentResult) {
  const name = headlineMetric(result);
  const summary = name === null ? undefined : result.summary[name];
  if (name === null || summary === undefined) return null;
  return {
    name,
    mean: numberCell(summary.mean),
    text: formatMean(summary),
    interval: formatInterval(summary.ci95),
    knowNothing: formatKnowNothing(result.know_nothing, name),
    beaten: beatsKnowNothing(result, name),
  };
}

/** False where a predictor that never looks at the picture does as well; null where unknown. */
export function beatsKnowNothing(
  { know_nothing, summary }: Pick<ExperimentResult, 'know_nothing' | 'summary'>,
  name: string,
): boolean | null {
  const score = know_nothing[name] ?? null;
  const mean = summary[name]?.mean ?? null;
  if (score === null || mean === null) return null;
  return direction(name) === 'max' ? mean > score : mean < score;
}

function bannersOf(result: ExperimentResult): { title: string; text: string }[] {
  const { dataset, folds, smoke, status } = result;
  const headline = headlineOf(result);
  const lost = folds.filter((fold) => fold.status !== 'completed');
  const all = [
    smoke && {
      title: 'Smoke run',
      text: 'Two batches of everything, to see that it works. The numbers mean nothing.',
    },
    status === 'interrupted' && {
      title: 'Interrupted',
      text: 'The run was stopped before its end. Run the experiment again to go on.',
    },
    lost.length > 0 && {
      title: `${lost.length} of ${folds.length} folds are missing`,
      text: `There is no mean over the rest, which would be another quantity. ${lost
        .map(({ fold, status, reason }) => `Fold ${fold}: ${reason ?? status}.`)
        .join(' ')}`,
    },
    dataset.synthetic && {
      title: 'Synthetic pictures',
      text: 'These pictures were drawn by a program, not taken by a camera. What the numbers say holds for drawn pictures only.',
    },
    headline?.beaten === false && {
      title: 'No better than knowing nothing',
      text: `A predictor that never looks at a picture reaches ${headline.name} ${headline.knowNothing}.`,
    },
  ];
  return all.filter((banner) => banner !== false);
}
