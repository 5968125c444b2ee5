/** Pictures that occur more than once: how many, what was done, what they did to the accuracy. */
import type { ExperimentResult, ShareRight } from '../../result/experiment-result.ts';
import { numberCell } from '../cell.ts';
import type { ClusterKind, DuplicateFigure } from '../duplicate-figures.ts';
import { formatCount } from '../format.ts';
import type { Shown } from '../picture-sheet.ts';

const done: Record<string, string> = {
  group: 'Identical pictures were kept together: all of them are in one role of a fold.',
  drop: 'Of identical pictures one was kept.',
  keep: 'Nothing was done: identical pictures may be in several roles of a fold.',
};

const headings: Record<ClusterKind, string> = {
  conflicting: 'One picture under several labels',
  identical: 'Identical',
  near: 'Nearly identical',
};

type Duplicated = Pick<ExperimentResult, 'config' | 'twins'> & {
  readonly dataset: Pick<ExperimentResult['dataset'], 'duplicates'>;
};

export function duplicates(
  { config, dataset, twins }: Duplicated,
  figures: readonly Shown<DuplicateFigure>[],
) {
  const { duplicates: found } = dataset;
  const any = found.identical_clusters + found.near_clusters + found.dropped > 0;
  return {
    none: !any,
    counts: any ? countsOf(found) : [],
    done: [identicalDone(found), nearDone(config, found)].join(' ').trim(),
    twins:
      twins === undefined
        ? []
        : [
            ...twinRows('identical', twins.identical),
            ...twinRows('identical or nearly so', twins.near),
          ],
    groups: (['conflicting', 'identical', 'near'] as const).flatMap((kind) => {
      const clusters = clustersOf(figures.filter((figure) => figure.kind === kind));
      return clusters.length === 0
        ? []
        : [{ kind, heading: headings[kind], clusters, more: moreOf(found, kind, clusters.length) }];
    }),
  };
}

type Found = ExperimentResult['dataset']['duplicates'];

const identicalDone = ({ dropped, identical_clusters, policy }: Found): string =>
  identical_clusters + dropped > 0 ? (done[policy] ?? policy) : '';

/** Near ones have a policy of their own. */
function nearDone(config: ExperimentResult['config'], found: Found): string {
  if (found.near_clusters === 0) return '';
  const { dataset } = config;
  const grouped =
    typeof dataset === 'object' &&
    dataset !== null &&
    'near_duplicates' in dataset &&
    dataset.near_duplicates === 'group';
  return grouped
    ? 'Nearly identical ones were kept together too.'
    : 'Nearly identical ones are reported only: most are look-alikes.';
}

function countsOf(found: Found): string[] {
  const clusters = (count: number) => `${formatCount(count)} cluster${count === 1 ? '' : 's'}`;
  return [
    found.dropped > 0 && `${formatCount(found.dropped)} copies were left out.`,
    found.identical_clusters > 0 &&
      `${formatCount(found.identical_samples)} pictures in ${clusters(found.identical_clusters)} are identical.`,
    found.conflicting_clusters > 0 &&
      `${formatCount(found.conflicting_clusters)} of these clusters carry different labels: no model can be right about all of their pictures.`,
    found.near_clusters > 0 &&
      `${formatCount(found.near_samples)} pictures in ${clusters(found.near_clusters)} are nearly identical.`,
  ].filter((sentence) => sentence !== false);
}

const clustersByKind = ({ conflicting_clusters, identical_clusters, near_clusters }: Found) => ({
  conflicting: conflicting_clusters,
  identical: identical_clusters - conflicting_clusters,
  near: near_clusters,
});

const moreOf = (found: Found, kind: ClusterKind, shown: number): string => {
  const more = clustersByKind(found)[kind] - shown;
  return more > 0 ? `${formatCount(more)} more` : '';
};

function clustersOf(figures: readonly Shown<DuplicateFigure>[]) {
  return [...new Set(figures.map(({ cluster }) => cluster))].map((cluster) => {
    const pictures = figures.filter((figure) => figure.cluster === cluster);
    const hidden = (pictures[0]?.members ?? 0) - pictures.length;
    return { pictures, hidden: hidden > 0 ? `+ ${formatCount(hidden)}` : '' };
  });
}

const twinRows = (kind: string, scores: { with: ShareRight; without: ShareRight }) =>
  scores.with.samples === 0
    ? []
    : [
        {
          kind,
          twin: {
            samples: formatCount(scores.with.samples),
            accuracy: numberCell(scores.with.accuracy),
          },
          others: {
            samples: formatCount(scores.without.samples),
            accuracy: numberCell(scores.without.accuracy),
          },
        },
      ];
