/**
 * Compares runs on the same folds of the same data. The verdict rests on the corrected resampled
 * t-test; runs that differ in what makes folds comparable are refused with the reason.
 */
import { ExperimentError } from '../errors.ts';
import { direction } from '../metrics/names.ts';
import { mean } from '../metrics/statistics/mean.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';
import { valuesByPartition } from '../result/summarize.ts';
import { totalEpochs } from '../training/phases.ts';
import type { TrainingConfig } from '../training/schema.ts';
import type { ComparedPair, ComparedRun, Comparison, PairVerdict } from './comparison.ts';
import { correctedTTest, type PairedTest } from './statistics/corrected-t-test.ts';
import { friedman, nemenyi } from './statistics/friedman.ts';
import { holm } from './statistics/holm.ts';
import { mcnemar } from './statistics/mcnemar.ts';

export type RunToCompare = {
  readonly result: ExperimentResult;
  /** A study's name for it; without one the experiment's name. */
  readonly label?: string | undefined;
  /** Whether each sample was recognised when it was tested (first repeat), by its index. */
  readonly correct: ReadonlyMap<number, boolean>;
};

/** Two-sided level of every test. */
const level = 0.05;

/** @throws {ExperimentError} USAGE for fewer than two runs; NOT_COMPARABLE with all reasons. */
export function compareRuns(runs: readonly RunToCompare[]): Comparison {
  const [base, ...others] = runs.map(({ result }) => result);
  if (!base || others.length === 0)
    throw new ExperimentError('USAGE', 'a comparison needs two runs or more');
  const results = [base, ...others];
  refuseIncomparable(results);
  const metrics = commonMetrics(results);
  const headline = metrics[0];
  if (headline === undefined)
    throw new ExperimentError('NOT_COMPARABLE', 'the runs have no metric in common');
  const labels = labelsOf(runs);
  const { source_fingerprint, samples, synthetic } = base.dataset;
  return {
    schema_version: 1,
    headline,
    dataset: { source_fingerprint, samples, synthetic },
    split: { type: base.split.type, hash: base.split.hash, folds: base.split.folds.length },
    runs: results.map((result, i) => comparedRun(result, labels[i] ?? result.run_id, metrics)),
    metrics,
    pairs: metrics.flatMap((metric) => comparedPairs(results, metric)),
    mcnemar: pairsOf(results).map(([first, second]) => ({
      first,
      second,
      ...mcnemarOf(runs, first, second),
    })),
    ranks: results.length > 2 ? ranksOf(results, headline) : null,
    warnings: [...budgetWarnings(results, labels), ...lintWarnings(results, labels)],
  };
}

function refuseIncomparable(results: readonly ExperimentResult[]): void {
  const [base, ...others] = results;
  if (!base) return;
  const reasons = [
    ...results.flatMap(incompleteness),
    ...others.flatMap((other) => differences(base, other)),
  ];
  if (reasons.length === 0) return;
  throw new ExperimentError(
    'NOT_COMPARABLE',
    `these runs cannot be compared:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`,
    'Run the experiments on the same data with the same split and seed, or as variants of a study.',
  );
}

function incompleteness({ run_id, folds, smoke }: ExperimentResult): string[] {
  if (smoke) return [`${run_id} is a smoke run`];
  const done = folds.filter(({ status }) => status === 'completed').length;
  return done === folds.length ? [] : [`${run_id} has ${done} of ${folds.length} folds`];
}

function differences(base: ExperimentResult, other: ExperimentResult): string[] {
  const short = (hash: string) => hash.slice(0, 12);
  const both = `${base.run_id} and ${other.run_id}`;
  const sizes = (result: ExperimentResult) =>
    result.split.folds.map(({ train, validation, test }) => `${train}/${validation}/${test}`);
  const data = (result: ExperimentResult) =>
    `${result.dataset.samples} samples, fingerprint ${short(result.dataset.source_fingerprint)}`;
  // How the pictures are prepared is a model's own affair: gray for one, colour for another.
  if (base.dataset.source_fingerprint !== other.dataset.source_fingerprint)
    return [`${both} have different data (${data(base)}; ${data(other)})`];
  if (String(sizes(base)) !== String(sizes(other)))
    return [
      `${both} have parts of different sizes (train/validation/test ${sizes(base)[0]} and ${sizes(other)[0]})`,
    ];
  if (base.split.hash !== other.split.hash)
    return [
      `${both} have different folds (split hashes ${short(base.split.hash)} and ${short(other.split.hash)})`,
    ];
  if (base.schema_version !== other.schema_version)
    return [`${both} define their metrics differently (result schema versions)`];
  return [];
}

/** Metrics that every run has in every fold, those of single classes and the loss left out. */
function commonMetrics(results: readonly ExperimentResult[]): string[] {
  const [base] = results;
  // Losses of two models may be different functions.
  const names = Object.keys(base?.summary ?? {}).filter(
    (name) => !name.includes('[') && name !== 'loss',
  );
  return names.filter((name) =>
    results.every(({ folds }) => folds.every(({ metrics }) => typeof metrics[name] === 'number')),
  );
}

function labelsOf(runs: readonly RunToCompare[]): string[] {
  const names = runs.map(({ label, result }) => label ?? result.name);
  return runs.map(({ result }, i) => {
    const name = names[i] ?? result.name;
    return names.filter((other) => other === name).length > 1 ? `${name} ${result.run_id}` : name;
  });
}

function comparedRun(
  result: ExperimentResult,
  label: string,
  metrics: readonly string[],
): ComparedRun {
  const { run_id, summary, know_nothing, model, folds, selection } = result;
  const { image } = result.dataset;
  return {
    run_id,
    label,
    summary,
    values: Object.fromEntries(metrics.map((metric) => [metric, valuesOf(result, metric)])),
    know_nothing,
    parameters: model.parameters.total,
    input: [image.height, image.width, image.channels],
    epochs_run: folds.map(({ epochs_run }) => epochs_run),
    epochs: allowedEpochs(result),
    seconds_per_fold: folds.reduce((sum, { seconds }) => sum + seconds, 0) / folds.length,
    selection: selection.monitor ? `${selection.rule} (${selection.monitor})` : selection.rule,
  };
}

/** The config in a result has been checked before its run began. */
const allowedEpochs = ({ config }: ExperimentResult): number =>
  totalEpochs(config.training as TrainingConfig);

function pairsOf(results: readonly unknown[]): [number, number][] {
  return results.flatMap((_, second) =>
    Array.from({ length: second }, (__, first): [number, number] => [first, second]),
  );
}

/** One value per fold of the split: the mean over its seeds. */
const valuesOf = ({ folds }: ExperimentResult, metric: string): number[] =>
  // commonMetrics has looked that they are numbers.
  valuesByPartition(folds, metric).map((row) => mean(row as number[]));

function comparedPairs(results: readonly ExperimentResult[], metric: string): ComparedPair[] {
  const [base] = results;
  if (!base || base.split.folds.length < 2) return [];
  const tests = pairsOf(results).map(([first, second]) => ({
    first,
    second,
    ...correctedTTest(
      valuesOf(results[first] as ExperimentResult, metric), // positions of `results`
      valuesOf(results[second] as ExperimentResult, metric),
      base.split.folds,
    ),
  }));
  const adjusted = holm(tests.map(({ p }) => p));
  return tests.map((test, i) => {
    const pHolm = adjusted[i] ?? 1;
    return { metric, ...test, pHolm, verdict: verdictOf(test, pHolm, metric) };
  });
}

function verdictOf({ difference }: PairedTest, pHolm: number, metric: string): PairVerdict {
  if (pHolm >= level) return 'not separable';
  return difference > 0 === (direction(metric) === 'max') ? 'better' : 'worse';
}

function mcnemarOf(runs: readonly RunToCompare[], first: number, second: number) {
  const samples = [...(runs[first]?.correct.keys() ?? [])];
  const rightOf = (run: number) => samples.map((index) => runs[run]?.correct.get(index) ?? false);
  return mcnemar(rightOf(first), rightOf(second));
}

function ranksOf(results: readonly ExperimentResult[], metric: string): Comparison['ranks'] {
  const [base] = results;
  const folds = base?.split.folds.length ?? 0;
  if (folds < 2) return null;
  const values = Array.from(
    { length: folds },
    (_, fold) => results.map((result) => valuesOf(result, metric)[fold] as number), // one per fold
  );
  const ranked = friedman(values, direction(metric));
  return { ...ranked, nemenyi: nemenyi(ranked.meanRanks, folds) };
}

/** Models that were allowed different budgets: the difference may be the budget's. */
function budgetWarnings(
  results: readonly ExperimentResult[],
  labels: readonly string[],
): Comparison['warnings'] {
  const budgets = results.map(allowedEpochs);
  if (new Set(budgets).size < 2) return [];
  const list = labels.map((label, i) => `${label} ${budgets[i]}`).join(', ');
  return [
    {
      id: 'PROTO001',
      message: `the models had different budgets (epochs: ${list}); a difference may come from that alone`,
    },
  ];
}

/** What the runs' own lint says, each finding once, before it the runs that it is about. */
function lintWarnings(
  results: readonly ExperimentResult[],
  labels: readonly string[],
): Comparison['warnings'] {
  const runsOf = new Map<string, { id: string; message: string; runs: string[] }>();
  for (const [i, { lint }] of results.entries())
    for (const { id, message, off } of lint) {
      // Budgets are told above, of all runs together.
      if (off !== undefined || id === 'PROTO001') continue;
      const found = runsOf.get(`${id} ${message}`) ?? { id, message, runs: [] };
      found.runs.push(labels[i] ?? '');
      runsOf.set(`${id} ${message}`, found);
    }
  return [...runsOf.values()].map(({ id, message, runs }) => ({
    id,
    message: runs.length === results.length ? message : `${runs.join(', ')}: ${message}`,
  }));
}
