/** Groups (subjects, identities) as the strategies need them, and what is wrong with them. */
import { ExperimentError } from '../errors.ts';
import type { Samples } from './strategies/define.ts';

export type Groups = {
  /** Group of each sample, numbered 0 … count − 1 in ascending order of the dataset's numbers. */
  readonly of: Int32Array;
  readonly count: number;
  readonly name: (group: number) => string;
};

/** The groups of the samples. Throws where there are none or fewer than `folds`. */
export function requireGroups(samples: Samples, folds: number): Groups {
  if (!samples.groups)
    throw new ExperimentError(
      'DATA_INVALID',
      'This split strategy needs groups, and the dataset has none.',
      'Name the column of groups in dataset.source or dataset.groups, or use stratified_k_fold.',
    );
  const numbers = [...new Set(samples.groups)].sort((a, b) => a - b);
  const position = new Map(numbers.map((number, i) => [number, i]));
  if (numbers.length < folds)
    throw new ExperimentError(
      'DATA_INVALID',
      `${folds} folds need ${folds} groups; the data have ${numbers.length}.`,
      numbers.length >= 2
        ? `Set split.strategy.folds to at most ${numbers.length}.`
        : 'Use a strategy without groups.',
    );
  const groups: Groups = {
    of: samples.groups.map((number) => position.get(number) as number), // every number is there
    count: numbers.length,
    name: (group) => samples.groupNames?.[numbers[group] as number] ?? String(numbers[group]),
  };
  requireClassesInSeveralGroups(samples, groups);
  return groups;
}

/** A class that lies in one group could never be trained on when that group is tested. */
function requireClassesInSeveralGroups({ labels, classes }: Samples, groups: Groups): void {
  classes.forEach((name, label) => {
    const holders = new Set<number>();
    let count = 0;
    labels.forEach((value, i) => {
      if (value !== label) return;
      count += 1;
      holders.add(groups.of[i] as number); // one per sample
    });
    const [holder] = holders;
    if (holders.size !== 1 || holder === undefined) return;
    throw new ExperimentError(
      'DATA_INVALID',
      `Group "${groups.name(holder)}" holds all ${count} samples of class "${name}": the fold that tests it could not train on that class.`,
      'Use a strategy without groups, leave the class out (dataset.classes), or add groups.',
    );
  });
}
