/** What the schema cannot say: rules across keys and sections, each written by its owner. */
import { datasetProblems, describeDataset, missingFiles } from '../dataset/describe.ts';
import type { ConfigPath, Problem } from '../errors.ts';
import { metricProblem } from '../metrics/schema.ts';
import { checkModel } from '../model/check-model.ts';
import { layerEntrySchemas } from '../model/schema.ts';
import { didYouMean } from '../schema/suggest.ts';
import { expectedFolds } from '../split/split.ts';
import { thresholdProblems } from '../thresholds/check.ts';
import { trainingProblems } from './check-training.ts';
import type { ExperimentConfig } from './experiment.ts';
import { asProblem, type LintReport, lint, lintConfigProblems, lintErrors } from './lint/run.ts';
import { checkComputed } from './resolve.ts';

/** What a check may know besides the config. */
export type CheckContext = {
  /** Whether the user gave this value, as opposed to a default. */
  isWritten(path: ConfigPath): boolean;
  /** How many variants the study has, 0 for an ordinary experiment. */
  readonly variants: number;
};

export type Checked = {
  readonly problems: readonly Problem[];
  /** What stops nothing: files that are not there, warnings of lint rules. */
  readonly notes: readonly Problem[];
  readonly lint: readonly LintReport[];
};

/**
 * Everything wrong with a config that its schema accepts, and what is worth a note. Reads no data,
 * loads no engine.
 */
export const checkExperiment = (config: ExperimentConfig, context: CheckContext): Checked => {
  const description = describeDataset(config.dataset);
  const classes = description.classes ?? null;
  const folds = expectedFolds(config.split);
  const sections = [
    ...datasetProblems(config.dataset).map(inSection('dataset')),
    ...modelProblems(config, description),
    ...trainingProblems(config.training, classes, context.isWritten).map(inSection('training')),
    ...config.metrics
      .flatMap((name, index) => metricProblem(name, classes, [index]) ?? [])
      .map(inSection('metrics')),
    ...thresholdProblems(config.thresholds ?? [], { classes, folds }).map(inSection('thresholds')),
    ...lintConfigProblems(config.lint),
  ];
  const missing = missingFiles(config.dataset).map(inSection('dataset'));
  // The rules may assume what the sections have checked.
  if (sections.length > 0) return { problems: sections, notes: missing, lint: [] };
  const reports = lint({ config, description, variants: context.variants });
  const warnings = reports.filter(
    ({ severity, off }) => severity === 'warning' && off === undefined,
  );
  return {
    problems: lintErrors(reports),
    notes: [...missing, ...warnings.map(asProblem)],
    lint: reports,
  };
};

/** How the loader checks and completes the layers that blocks expand to. */
export const modelHooks = {
  suggest: didYouMean,
  validateLayer: (layer: unknown, path: ConfigPath) => {
    const type =
      typeof layer === 'object' && layer !== null && 'type' in layer ? layer.type : undefined;
    const schema = layerEntrySchemas[String(type)];
    // An unknown type is the model's own to report.
    return schema ? checkComputed(schema, layer, path) : {};
  },
};

const modelProblems = (
  { model }: ExperimentConfig,
  { image, classes }: ReturnType<typeof describeDataset>,
): readonly Problem[] => {
  const shape = image && [image.height, image.width, image.channels];
  return checkModel(model, { shape, classes: classes?.length }, modelHooks).problems;
};

/** A section's problem, whose path begins in the section, as one of the whole config. */
export const inSection =
  (...section: ConfigPath) =>
  (problem: Problem): Problem => ({
    ...problem,
    path: [...section, ...problem.path],
    related: problem.related?.map((place) => ({ ...place, path: [...section, ...place.path] })),
  });
