/** What the schema cannot say: rules across keys and sections, each written by its owner. */
import {
  type DatasetDescription,
  datasetProblems,
  describeDataset,
  missingFiles,
} from '../dataset/describe.ts';
import type { ConfigPath, Problem } from '../errors.ts';
import { metricProblem } from '../metrics/schema.ts';
import { checkModel } from '../model/check-model.ts';
import { inferGraph } from '../model/infer-shapes.ts';
import { layerEntrySchemas } from '../model/schema.ts';
import { didYouMean } from '../schema/suggest.ts';
import { expectedFolds } from '../split/split.ts';
import { thresholdProblems } from '../thresholds/check.ts';
import { trainingNotes } from '../training/check.ts';
import { splitProblems } from './check-split.ts';
import { trainingProblems } from './check-training.ts';
import { checkComputed } from './computed.ts';
import type { ExperimentConfig } from './experiment.ts';
import { asProblem, type LintReport, lint, lintConfigProblems, lintErrors } from './lint/run.ts';

/** What a check may know besides the config. */
export type CheckContext = {
  /** Whether the user gave this value, as opposed to a default. */
  isWritten(path: ConfigPath): boolean;
  /** Whether the schema accepts the whole. */
  readonly isValid: boolean;
  /** Whether the schema accepts a top-level section that is there. */
  isSound(section: string): boolean;
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
 * Everything wrong with a config beyond its schema, and what is worth a note. A section that its
 * schema refuses is left alone, and so is what would need it. Reads no data, loads no engine.
 */
export const checkExperiment = (config: ExperimentConfig, context: CheckContext): Checked => {
  const { isSound } = context;
  const description = isSound('dataset') ? describeDataset(config.dataset) : undefined;
  const problems = sectionProblems(config, context, description);
  const missing = description ? missingFiles(config.dataset).map(inSection('dataset')) : [];
  // The rules may assume what the sections have checked.
  const isReady = context.isValid && problems.length === 0;
  if (!description || !isReady) return { problems, notes: missing, lint: [] };
  const reports = lint({ config, description, variants: context.variants });
  const warnings = reports.filter(
    ({ severity, off }) => severity === 'warning' && off === undefined,
  );
  const training = trainingNotes(config.training).map(inSection('training'));
  return {
    problems: lintErrors(reports),
    notes: [...missing, ...training, ...warnings.map(asProblem)],
    lint: reports,
  };
};

const sectionProblems = (
  config: ExperimentConfig,
  { isSound, isWritten }: CheckContext,
  description: DatasetDescription = unknownData,
): readonly Problem[] => {
  const classes = description.classes ?? null;
  const folds = isSound('split') ? expectedFolds(config.split) : null;
  const model = isSound('model') ? checkedModel(config, description) : undefined;
  const checks: Readonly<Record<string, () => readonly Problem[]>> = {
    dataset: () => datasetProblems(config.dataset),
    split: () => splitProblems(config.split, description),
    training: () =>
      trainingProblems(config.training, {
        ...{ classes, units: model?.units, isWritten },
        mode: isSound('execution') ? config.execution.mode : undefined,
      }),
    metrics: () =>
      config.metrics.flatMap((name, index) => metricProblem(name, classes, [index]) ?? []),
    thresholds: () => thresholdProblems(config.thresholds ?? [], { classes, folds }),
  };
  return [
    ...(model?.problems ?? []),
    ...Object.entries(checks).flatMap(([section, check]) =>
      isSound(section) ? check().map(inSection(section)) : [],
    ),
    ...(isSound('lint') ? lintConfigProblems(config.lint) : []),
  ];
};

/** What is known of the data when their own section is wrong. */
const unknownData: DatasetDescription = {
  hasParts: undefined,
  hasGroups: undefined,
  synthetic: false,
};

/** How the loader checks and completes the layers that blocks expand to. */
export const modelHooks = {
  suggest: didYouMean,
  validateLayer: (layer: unknown, path: ConfigPath) => {
    // Layers outside of blocks stand in the file as they are: the schema has judged them.
    if (path[1] !== 'blocks') return {};
    const type =
      typeof layer === 'object' && layer !== null && 'type' in layer ? layer.type : undefined;
    const schema = layerEntrySchemas[String(type)];
    // An unknown type is the model's own to report.
    return schema ? checkComputed(schema, layer, path) : {};
  },
};

/** The model's problems, and how many outputs it has where that is known. */
const checkedModel = (
  { model }: ExperimentConfig,
  { image, classes }: DatasetDescription,
): { readonly problems: readonly Problem[]; readonly units: number | undefined } => {
  const shape = image && [image.height, image.width, image.channels];
  const { graph, problems } = checkModel(model, { shape, classes: classes?.length }, modelHooks);
  const output = graph && inferGraph(graph).get(graph.output)?.shape.at(-1);
  return { problems, units: output ?? undefined };
};

/** A section's problem, whose path begins in the section, as one of the whole config. */
export const inSection =
  (...section: ConfigPath) =>
  (problem: Problem): Problem => ({
    ...problem,
    path: [...section, ...problem.path],
    related: problem.related?.map((place) => ({ ...place, path: [...section, ...place.path] })),
  });
