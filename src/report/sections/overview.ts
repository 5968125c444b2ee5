/** The top of the page: verdict, headline numbers, thresholds, and what must not be overlooked. */
import { describeMetric } from '../../metrics/names.ts';
import type { ExperimentResult } from '../../result/experiment-result.ts';
import { headlineMetric, headlineTriple } from '../../result/headline.ts';
import { beatsKnowNothing } from '../beats-know-nothing.ts';
import { numberCell } from '../cell.ts';
import { worstClasses } from '../class-spread.ts';
import { formatCount, formatDuration, formatKnowNothing, formatMean } from '../format.ts';
import { intervalCell } from '../interval.ts';
import { missedBy } from '../missed.ts';
import { bannersOf } from './banners.ts';

const verdicts = {
  none: 'No thresholds',
  passed: 'Passed',
  failed: 'Failed',
  inconclusive: 'Inconclusive',
} as const;

export function overview(result: ExperimentResult) {
  const { config, dataset, environment, folds, lint, model, thresholds } = result;
  const { description } = config;
  const completed = folds.filter(({ status }) => status === 'completed').length;
  return {
    verdict: thresholds.verdict,
    verdictText: result.smoke ? 'Smoke run, not judged' : verdicts[thresholds.verdict],
    description: typeof description === 'string' ? description : '',
    headlines: headlinesOf(result),
    worst: worstOf(result),
    banners: bannersOf(result),
    checks: thresholds.checks.map((check) => ({
      ...check,
      observed: numberCell(check.observed),
      state: check.passed === null ? 'not judged' : check.passed ? 'held' : 'missed',
      why: check.reason === undefined ? ` ${missedBy(check)}` : `: ${check.reason}`,
    })),
    warnings: lint
      .filter(({ off }) => off === undefined)
      .map((finding) => ({
        ...finding,
        place: finding.line === null ? '' : `line ${finding.line}`,
      })),
    switchedOff: lint.filter(({ off }) => off !== undefined),
    facts: [
      { name: 'images', value: formatCount(dataset.samples) },
      { name: 'classes', value: formatCount(dataset.classes.length) },
      { name: 'folds', value: `${completed} of ${folds.length}` },
      { name: 'parameters', value: formatCount(model.parameters.total) },
      { name: 'duration', value: formatDuration(result.seconds) },
      { name: 'device', value: environment.device },
    ],
  };
}

/** The metric that the config lists first, then the three of every report. */
function headlinesOf(result: ExperimentResult) {
  const first = headlineMetric(result);
  const names = [...new Set([...(first === null ? [] : [first]), ...headlineTriple])];
  return names.flatMap((name) => {
    const summary = result.summary[name];
    if (summary === undefined) return [];
    const interval = intervalCell(name, summary.ci95);
    return [
      {
        name,
        meaning: describeMetric(name),
        first: name === first,
        value: numberCell(summary.mean).value,
        text: formatMean(summary),
        interval: summary.ci95 === null ? '' : interval.text,
        knowNothing: formatKnowNothing(result.know_nothing, name),
        beaten: beatsKnowNothing(result, name) !== false,
      },
    ];
  });
}

function worstOf(result: ExperimentResult) {
  const worst = worstClasses(result);
  if (worst === null) return null;
  return {
    names: worst.names.join(', '),
    recall: formatMean(worst.recall),
    support: formatCount(worst.support),
  };
}
