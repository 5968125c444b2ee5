/** What a lint rule is: something that the config allows and that misleads. */

import type { Dataset } from '../../dataset/dataset.ts';
import type { DatasetDescription } from '../../dataset/describe.ts';
import type { ConfigPath } from '../../errors.ts';
import type { ExperimentResult } from '../../result/experiment-result.ts';
import type { Fold } from '../../split/fold.ts';
import type { ExperimentConfig } from '../experiment.ts';

export type ConfigFacts = {
  readonly config: ExperimentConfig;
  /** What the config says of the data without reading them. */
  readonly description: DatasetDescription;
  /** How many variants the study has; 0 for an ordinary experiment. */
  readonly variants: number;
  /** The configs of a study's variants by name, where all of them are at hand. */
  readonly variantConfigs?: Readonly<Record<string, ExperimentConfig>> | undefined;
};
export type DataFacts = {
  readonly dataset: Pick<
    Dataset,
    'classes' | 'labels' | 'images' | 'parts' | 'groups' | 'duplicates' | 'origins'
  >;
  readonly folds: readonly Fold[];
};
export type ResultFacts = { readonly result: ExperimentResult };

/** What is known when a rule is asked: a rule that needs the data has them. */
export type Facts = {
  readonly config: ConfigFacts & Partial<DataFacts & ResultFacts>;
  readonly data: ConfigFacts & DataFacts & Partial<ResultFacts>;
  readonly result: ConfigFacts & ResultFacts & Partial<DataFacts>;
};
export type Needs = keyof Facts;

/** One place where a rule applies. */
export type Finding = {
  readonly path: ConfigPath;
  readonly message: string;
  /** What to do, a sentence. */
  readonly hint?: string;
};

export type Rule<N extends Needs = Needs> = {
  /** Stable: it stands in experiments and reports. */
  readonly id: string;
  /** An error stops the run, a warning stands in the report. */
  readonly severity: 'error' | 'warning';
  readonly needs: N;
  /** What it finds and why that misleads, a sentence. */
  readonly description: string;
  check(facts: Facts[N]): readonly Finding[];
};

export const defineRule = <N extends Needs>(rule: Rule<N>): Rule<N> => rule;
