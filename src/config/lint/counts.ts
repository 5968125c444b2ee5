/** Numbers that several rules count in the data. */
import type { DataFacts } from './define.ts';

/** Samples of each class, in class order. */
export const classCounts = ({
  labels,
  classes,
}: Pick<DataFacts['dataset'], 'labels' | 'classes'>) => {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
};

export const total = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);

/** `1 cluster`, `3 clusters`. */
export const plural = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
