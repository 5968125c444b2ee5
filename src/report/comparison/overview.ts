/** The top of the page: the verdict in words, on the headline metric, and what to keep in mind. */
import type { ComparedPair, Comparison } from '../../compare/comparison.ts';
import { overallVerdict, verdictSentence } from '../../compare/verdict-sentence.ts';
import { formatCount } from '../format.ts';

export function overview(comparison: Comparison) {
  const { dataset, headline, pairs, runs, split, warnings } = comparison;
  return {
    verdict: overallVerdict(comparison),
    pairs: pairs
      .filter(({ metric }) => metric === headline)
      .map((pair) => ({
        verdict: pair.verdict,
        mark: markOf(pair),
        sentence: `${verdictSentence(comparison, pair)}.`,
      })),
    // What was not alike for all models stands at the top, the rest at the end of the page.
    banners: warnings.filter(({ id }) => isProtocol(id)),
    warnings: warnings.filter(({ id }) => !isProtocol(id)),
    synthetic: dataset.synthetic,
    facts: `${runs.length} models on ${formatCount(dataset.samples)} ${dataset.synthetic ? 'synthetic ' : ''}pictures, ${split.folds} folds (${split.type})`,
    fingerprint: dataset.source_fingerprint,
    splitHash: split.hash,
  };
}

const isProtocol = (id: string): boolean => id.startsWith('PROTO');

/** For the style sheet. */
export const markOf = ({ verdict }: ComparedPair): 'good' | 'bad' | null =>
  verdict === 'not separable' ? null : verdict === 'better' ? 'good' : 'bad';
