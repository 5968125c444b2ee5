/** Verdicts in words: what a reader may take home, and no more. */
import { direction } from '../metrics/names.ts';
import { mean } from '../metrics/statistics/mean.ts';
import type { ComparedPair, Comparison } from './comparison.ts';

const points = (value: number) => value.toFixed(4);

/** `= 0.031`; below 0.0001 no digits are worth showing. */
const shownP = (p: number) => (p < 0.0001 ? '< 0.0001' : `= ${p.toPrecision(2)}`);

const nameOf = ({ runs }: Comparison, position: number) =>
  runs[position]?.label ?? `run ${position}`;

/**
 * `b is better than a in accuracy by 0.0512 (95 % interval 0.0301 … 0.0723, p = 0.0004)`; of several
 * pairs p is Holm-adjusted, and the sentence says so, since the interval is not.
 */
export function verdictSentence(comparison: Comparison, pair: ComparedPair): string {
  const [first, second] = [nameOf(comparison, pair.first), nameOf(comparison, pair.second)];
  const { metric, difference, ci95, pHolm, smallestDetectable, verdict } = pair;
  const p = comparison.runs.length > 2 ? 'Holm-adjusted p' : 'p';
  const evidence = `95 % interval ${points(ci95[0])} … ${points(ci95[1])}, ${p} ${shownP(pHolm)}`;
  if (verdict === 'not separable')
    return (
      `${second} and ${first} are not separable in ${metric}: ` +
      `difference ${points(difference)} (${evidence}); ` +
      `this design finds differences of about ${points(smallestDetectable)}`
    );
  return (
    `${second} is ${verdict} than ${first} in ${metric} ` +
    `by ${points(Math.abs(difference))} (${evidence})`
  );
}

/** The verdicts on the headline metric. */
export const headlineVerdicts = (comparison: Comparison): string[] =>
  comparison.pairs
    .filter(({ metric }) => metric === comparison.headline)
    .map((pair) => verdictSentence(comparison, pair));

/** One sentence about the model with the best mean: which others it is better than. */
export function overallVerdict(comparison: Comparison): string {
  const { runs, pairs, headline } = comparison;
  const best = bestRun(comparison);
  const against = pairs.filter(
    ({ metric, first, second }) => metric === headline && (first === best || second === best),
  );
  const namesOf = (isMeant: (pair: ComparedPair) => boolean) =>
    against
      .filter(isMeant)
      .map(({ first, second }) => nameOf(comparison, first === best ? second : first));
  const level = namesOf(({ verdict }) => verdict === 'not separable');
  const beaten = namesOf(({ verdict }) => verdict !== 'not separable');
  const name = nameOf(comparison, best);
  if (against.length === 0)
    return `${name} has the best ${headline}, but one fold cannot tell a difference from noise.`;
  if (beaten.length === 0 && runs.length === 2)
    return `${level[0]} and ${name} are not separable in ${headline}.`;
  if (beaten.length === 0) return `No model is separable from ${name}, the best in ${headline}.`;
  const better = `${name} is better than ${listed(beaten)} in ${headline}`;
  return level.length === 0 ? `${better}.` : `${better}, and not separable from ${listed(level)}.`;
}

/** Position of the run with the best mean of the headline. */
function bestRun({ runs, headline }: Comparison): number {
  const sign = direction(headline) === 'max' ? 1 : -1;
  const scores = runs.map(({ values }) => sign * mean(values[headline] ?? []));
  return scores.indexOf(Math.max(...scores));
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
