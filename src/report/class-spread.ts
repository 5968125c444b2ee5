/** Scores of single classes over folds, and the classes that are recognised least. */
import { summarizeFolds } from '../metrics/statistics/summarize-folds.ts';
import type {
  ExperimentResult,
  FoldRecord,
  PerClass,
  Pooled,
} from '../result/experiment-result.ts';
import { averageScores, type Score, supportOf } from './classification-report.ts';

/** What the scores of classes are read from. */
type Scored = Pick<ExperimentResult, 'folds' | 'summary'> & {
  readonly dataset: Pick<ExperimentResult['dataset'], 'classes'>;
  readonly split: Pick<ExperimentResult['split'], 'folds'>;
  readonly pooled: Pick<Pooled, 'per_class'> | null;
};

export type Spread = { readonly mean: number | null; readonly sd: number | null };

/** The classes that are recognised least; none where all are recognised equally often. */
export function worstClasses(result: Scored): {
  readonly names: readonly string[];
  readonly recall: Spread;
  /** Their test samples. */
  readonly support: number;
} | null {
  const recalls = result.dataset.classes.flatMap(({ name }) => {
    const spread = classSpread(result, 'recall', name);
    // A class that some fold does not test has no mean, and is the likeliest to be overlooked.
    const pooled = result.pooled?.per_class.find((row) => row.class === name)?.recall ?? null;
    const recall = spread.mean === null ? { mean: pooled, sd: null } : spread;
    return recall.mean === null ? [] : [{ name, recall, mean: recall.mean }];
  });
  const lowest = Math.min(...recalls.map(({ mean }) => mean));
  const worst = recalls.filter(({ mean }) => mean === lowest);
  const [first] = worst;
  if (first === undefined || worst.length === recalls.length) return null;
  const support = worst.reduce((sum, { name }) => sum + supportIn(result.folds, name), 0);
  return { names: worst.map(({ name }) => name), recall: first.recall, support };
}

/** As in result.json where the metric is listed, otherwise from the folds in the same way. */
export const classSpread = (result: Scored, score: Score, name: string): Spread =>
  result.summary[`${score}[${name}]`] ??
  overFolds(result, ({ per_class }) => per_class.find((row) => row.class === name)?.[score]);

export const averageSpread = (
  result: Scored,
  score: Score,
  average: 'macro' | 'weighted',
): Spread =>
  result.summary[`${score}_${average}`] ??
  overFolds(result, ({ per_class }) => averageScores(per_class)?.[average][score]);

function overFolds(
  { folds, split }: Scored,
  scoreOf: (fold: FoldRecord) => number | null | undefined,
): Spread {
  const values = folds.map((fold) =>
    fold.status === 'completed' ? (scoreOf(fold) ?? null) : null,
  );
  const sizes = folds.flatMap(
    ({ partition }) => split.folds.find(({ fold }) => fold === partition) ?? [],
  );
  return summarizeFolds(values, sizes, null);
}

/** Test samples of a class, of all folds. */
export const supportIn = (folds: readonly FoldRecord[], name: string): number =>
  supportOf(
    folds.flatMap(({ per_class }) => per_class.filter((row: PerClass) => row.class === name)),
  );
