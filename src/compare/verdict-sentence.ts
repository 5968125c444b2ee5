/** Verdicts in words: what a reader may take home, and no more. */
import type { ComparedPair, Comparison } from './comparison.ts';

const points = (value: number) => value.toFixed(4);

/** `b is better than a in accuracy by 0.0512 (95 % interval 0.0301 … 0.0723, p = 0.0004)`. */
export function verdictSentence(comparison: Comparison, pair: ComparedPair): string {
  const name = (position: number) => comparison.runs[position]?.label ?? `run ${position}`;
  const { metric, difference, ci95, pHolm, smallestDetectable, verdict } = pair;
  const evidence = `95 % interval ${points(ci95[0])} … ${points(ci95[1])}, p = ${pHolm.toPrecision(2)}`;
  if (verdict === 'not separable')
    return (
      `${name(pair.second)} and ${name(pair.first)} are not separable in ${metric}: ` +
      `difference ${points(difference)} (${evidence}); ` +
      `this design finds differences of about ${points(smallestDetectable)}`
    );
  return (
    `${name(pair.second)} is ${verdict} than ${name(pair.first)} in ${metric} ` +
    `by ${points(Math.abs(difference))} (${evidence})`
  );
}

/** The verdicts on the headline metric. */
export const headlineVerdicts = (comparison: Comparison): string[] =>
  comparison.pairs
    .filter(({ metric }) => metric === comparison.headline)
    .map((pair) => verdictSentence(comparison, pair));
