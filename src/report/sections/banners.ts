/** What makes the numbers mean less than they seem to, before the reader sees them. */

import type { ExperimentResult, FoldRecord } from '../../result/experiment-result.ts';
import { headlineMetric } from '../../result/headline.ts';
import { beatsKnowNothing } from '../beats-know-nothing.ts';
import { formatKnowNothing } from '../format.ts';

export type Banner = {
  readonly title: string;
  readonly text: string;
  /** The whole report is about something else than it looks like. */
  readonly loud: boolean;
  readonly points: readonly string[];
};

type Bannered = Pick<
  ExperimentResult,
  'config' | 'know_nothing' | 'smoke' | 'status' | 'summary'
> & {
  readonly dataset: Pick<ExperimentResult['dataset'], 'synthetic'>;
  readonly folds: readonly Pick<FoldRecord, 'fold' | 'reason' | 'status'>[];
};

export function bannersOf(result: Bannered): Banner[] {
  const { dataset, folds, smoke, status } = result;
  const lost = folds.filter((fold) => fold.status !== 'completed');
  const headline = headlineMetric(result);
  const all = [
    smoke && {
      title: 'Smoke run',
      text: 'Two batches of everything, to see that it works. The numbers mean nothing.',
      loud: true,
    },
    dataset.synthetic && {
      title: 'Synthetic pictures',
      text: 'These pictures were drawn by a program, not taken by a camera. What the numbers say holds for drawn pictures only.',
      loud: true,
    },
    status === 'interrupted' && {
      title: 'Interrupted',
      text: 'The run was stopped before its end. Run the experiment again to go on.',
    },
    lost.length > 0 && {
      title: `${folds.length - lost.length} of ${folds.length} folds`,
      text: 'There is no mean over the rest, which would be another quantity.',
      points: lost.map(
        ({ fold, status: state, reason }) => `Fold ${fold} ${state}${reason ? `: ${reason}` : '.'}`,
      ),
    },
    headline !== null &&
      beatsKnowNothing(result, headline) === false && {
        title: 'No better than knowing nothing',
        text: `A predictor that never looks at a picture reaches ${headline} ${formatKnowNothing(result.know_nothing, headline)}.`,
      },
  ];
  return all.flatMap((banner) =>
    banner === false ? [] : [{ loud: false, points: [], ...banner }],
  );
}
