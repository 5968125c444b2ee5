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
    warnings,
    synthetic: dataset.synthetic,
    facts: [
      { name: 'models', value: formatCount(runs.length) },
      { name: 'images', value: formatCount(dataset.samples) },
      { name: 'folds', value: formatCount(split.folds) },
      { name: 'split', value: split.type },
    ],
    fingerprint: dataset.fingerprint,
    splitHash: split.hash,
  };
}

/** For the style sheet. */
export const markOf = ({ verdict }: ComparedPair): 'good' | 'bad' | null =>
  verdict === 'not separable' ? null : verdict === 'better' ? 'good' : 'bad';
