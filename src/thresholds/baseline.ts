/**
 * The committed baseline: what an accepted run reached, small and readable in a diff, together
 * with what makes another run comparable to it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { ExperimentError } from '../errors.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';
import { observe } from './observe.ts';
import { statistics } from './schema.ts';

export type Baseline = {
  readonly version: 1;
  readonly run_id: string;
  readonly foldwise: string;
  readonly data_fingerprint: string;
  readonly split_hash: string;
  readonly folds: number;
  /** Metric → statistic → value. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
};

/** `experiments/x.yaml` → `experiments/x.baseline.yaml`. */
export const baselinePath = (experimentFile: string): string =>
  `${experimentFile.replace(/\.ya?ml$/i, '')}.baseline.yaml`;

/** The baseline that a complete run is; refused for smoke runs and missing folds. */
export function baselineOf(result: ExperimentResult): Baseline {
  const done = result.folds.filter(({ status }) => status === 'completed').length;
  if (result.smoke || done < result.folds.length)
    throw new ExperimentError(
      'INCONCLUSIVE',
      result.smoke
        ? `${result.run_id} is a smoke run, never a baseline`
        : `${result.run_id} has ${done} of ${result.folds.length} folds`,
      'Take a complete run.',
    );
  return {
    version: 1,
    run_id: result.run_id,
    foldwise: result.environment.foldwise,
    data_fingerprint: result.dataset.fingerprint,
    split_hash: result.split.hash,
    folds: result.split.folds.length,
    values: Object.fromEntries(
      Object.keys(result.summary).map((metric) => [
        metric,
        Object.fromEntries(
          statistics.map((statistic) => [statistic, observe(result, metric, statistic)]),
        ),
      ]),
    ),
  };
}

export const writtenBaseline = (baseline: Baseline): string =>
  `# What later runs must not be worse than (thresholds: not_worse_than: baseline).\n${stringify(baseline)}`;

/** Undefined where there is no file. Throws USAGE for a file that is no baseline. */
export function readBaseline(path: string): Baseline | undefined {
  if (!existsSync(path)) return undefined;
  const value = parse(readFileSync(path, 'utf8')) as Partial<Baseline> | null;
  if (value?.version === 1 && value.values && value.data_fingerprint && value.split_hash)
    return value as Baseline; // all that is read of it is there
  throw new ExperimentError(
    'USAGE',
    `${path} is no baseline of this version`,
    'Write it anew: npm run exp -- baseline RUN',
  );
}

/** Why a result cannot be held against the baseline; undefined where it can. */
export function whyNotComparable(
  result: Pick<ExperimentResult, 'dataset' | 'split'>,
  baseline: Baseline,
): string | undefined {
  if (result.dataset.fingerprint !== baseline.data_fingerprint)
    return `the data are not those of the baseline (run ${baseline.run_id})`;
  if (result.split.hash !== baseline.split_hash)
    return `the folds are not those of the baseline (run ${baseline.run_id})`;
  return undefined;
}
