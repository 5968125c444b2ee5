/** The random divisions in two under holdout, the shuffle splits and the validation part. */
import { ExperimentError } from '../../errors.ts';
import { classCounts } from '../class-counts.ts';
import type { RandomState } from './mt19937.ts';

/** Positions 0 … n − 1 divided in two; `drawn` is scikit-learn's test part. */
export type Draw = { readonly rest: Uint32Array; readonly drawn: Uint32Array };

/** Sizes of both parts: the drawn one is rounded up, as in scikit-learn. */
export function drawSizes(n: number, fraction: number): { rest: number; drawn: number } {
  const drawn = Math.ceil(fraction * n);
  if (drawn === 0 || drawn >= n)
    throw new ExperimentError(
      'DATA_INVALID',
      `A fraction of ${fraction} of ${n} leaves one part empty (${drawn} drawn, ${n - drawn} left).`,
      'Change the fraction, or use more data.',
    );
  return { rest: n - drawn, drawn };
}

/** One draw of scikit-learn's ShuffleSplit. */
export function drawShuffled(n: number, fraction: number, random: RandomState): Draw {
  const { rest, drawn } = drawSizes(n, fraction);
  const order = random.permutation(n);
  return { drawn: order.subarray(0, drawn), rest: order.subarray(drawn, drawn + rest) };
}

/** One draw of scikit-learn's StratifiedShuffleSplit. `what` names the drawn part in errors. */
export function drawStratified(
  labels: ArrayLike<number>,
  classes: readonly string[],
  fraction: number,
  random: RandomState,
  what: string,
): Draw {
  const sizes = drawSizes(labels.length, fraction);
  const counts = classCounts(labels, classes.length);
  requireTwoOfEach(counts, classes, what);
  requireRoomForEach(counts.filter((n) => n > 0).length, sizes, fraction, what);

  const members: number[][] = counts.map(() => []);
  for (let i = 0; i < labels.length; i++) members[labels[i] as number]?.push(i); // i < length
  const present = members.filter((indices) => indices.length > 0);
  const available = present.map((indices) => indices.length);
  const kept = approximateMode(available, sizes.rest, random);
  const left = available.map((n, c) => n - (kept[c] ?? 0));
  const taken = approximateMode(left, sizes.drawn, random);

  const rest: number[] = [];
  const drawn: number[] = [];
  present.forEach((indices, c) => {
    const shuffled = random.permuted(indices);
    const end = kept[c] ?? 0;
    for (const at of shuffled.subarray(0, end)) rest.push(at);
    for (const at of shuffled.subarray(end, end + (taken[c] ?? 0))) drawn.push(at);
  });
  return { rest: random.permuted(rest), drawn: random.permuted(drawn) };
}

/** One draw of scikit-learn's GroupShuffleSplit: whole groups, `fraction` of their number. */
export function drawGroups(
  groups: ArrayLike<number>,
  fraction: number,
  random: RandomState,
  what: string,
): Draw {
  const names = [...new Set(Array.from(groups))].sort((a, b) => a - b);
  if (names.length < 2)
    throw new ExperimentError(
      'DATA_INVALID',
      `The ${what} would be empty or take everything: whole groups are drawn, and there is only ${names.length}.`,
      'Use data with more groups, or a strategy that leaves more groups to train on.',
    );
  const chosen = new Set(
    Array.from(drawShuffled(names.length, fraction, random).drawn, (at) => names[at]),
  );
  const positions = Uint32Array.from({ length: groups.length }, (_, i) => i);
  return {
    rest: positions.filter((i) => !chosen.has(groups[i])),
    drawn: positions.filter((i) => chosen.has(groups[i])),
  };
}

/** scikit-learn's _approximate_mode: how many of `draws` each class gets, ties broken at random. */
function approximateMode(counts: readonly number[], draws: number, random: RandomState): number[] {
  const total = counts.reduce((sum, n) => sum + n, 0);
  const exact = counts.map((n) => (n / total) * draws);
  const result = exact.map(Math.floor);
  let missing = draws - result.reduce((sum, n) => sum + n, 0);
  const remainders = exact.map((x, c) => x - (result[c] ?? 0));
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = remainders.flatMap((remainder, c) => (remainder === value ? [c] : []));
    const added = random.choose(tied, Math.min(tied.length, missing));
    for (const c of added) result[c] = (result[c] ?? 0) + 1;
    missing -= added.length;
  }
  return result;
}

function requireTwoOfEach(counts: readonly number[], classes: readonly string[], what: string) {
  const single = classes.filter((_, c) => counts[c] === 1);
  if (single.length > 0)
    throw new ExperimentError(
      'DATA_INVALID',
      `A stratified ${what} needs two samples of every class (identical pictures count once); only 1 of: ${single.join(', ')}.`,
      'Set stratified: false, or leave the class out (dataset.classes).',
    );
}

function requireRoomForEach(
  classes: number,
  { rest, drawn }: { rest: number; drawn: number },
  fraction: number,
  what: string,
) {
  if (Math.min(rest, drawn) >= classes) return;
  throw new ExperimentError(
    'DATA_INVALID',
    `A stratified ${what} of ${drawn} (${fraction} of ${rest + drawn}) cannot hold each of ${classes} classes.`,
    `Set a fraction of at least ${(classes / (rest + drawn)).toFixed(3)}, or stratified: false.`,
  );
}
