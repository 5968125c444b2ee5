/** Lint over a whole run: the config, its data and, at the end, its result. */
import { describeDataset } from '../../dataset/describe.ts';
import type { Problem } from '../../errors.ts';
import type { LintFinding } from '../../result/experiment-result.ts';
import type { LoadedExperiment } from '../load.ts';
import type { ConfigFacts, DataFacts, ResultFacts } from './define.ts';
import { lint, lintErrors } from './run.ts';

export type LintRecord = {
  /** As `result.json` keeps them. */
  readonly findings: readonly LintFinding[];
  /** What must stop the run: throw `experiment.error(errors)`. */
  readonly errors: readonly Problem[];
};

/** Every rule that these facts suffice for. */
export const lintExperiment = (
  experiment: LoadedExperiment,
  facts: Partial<DataFacts & ResultFacts> & Pick<ConfigFacts, 'variantConfigs'>,
): LintRecord => {
  const { config, variants } = experiment;
  const reports = lint({
    config,
    description: describeDataset(config.dataset),
    variants: variants.length,
    ...facts,
    // A run of a study's variant is given all of them, a plan has loaded them.
    variantConfigs: facts.variantConfigs ?? experiment.variantConfigs,
  });
  return {
    findings: reports.map(({ id, severity, message, path, off }) => ({
      id,
      severity,
      message,
      line: experiment.locate(path)?.line ?? null,
      off,
    })),
    errors: lintErrors(reports),
  };
};
