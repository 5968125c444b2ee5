/** What can be said of a dataset without reading its files. */
import { existsSync } from 'node:fs';
import type { Problem } from '../errors.ts';
import { arrangeClasses, classProblems } from './classes.ts';
import type { ImageShape } from './dataset.ts';
import { fittedShape } from './prepare-picture.ts';
import { stepOf } from './preprocessing/index.ts';
import type { DatasetConfig, SourceConfig } from './schema.ts';
import { shownPath } from './sources/define.ts';
import { sourceOf } from './sources/index.ts';

export type DatasetDescription = {
  readonly classes?: readonly string[] | undefined;
  /** Shape of one stored image. */
  readonly image?: ImageShape | undefined;
  /** Known only where all samples take part. */
  readonly samples?: number | undefined;
  readonly classCounts?: readonly number[] | undefined;
  /** Undefined: the files decide. */
  readonly hasParts: boolean | undefined;
  readonly hasGroups: boolean | undefined;
  readonly synthetic: boolean;
};

/** Classes, shape and counts as far as the config alone tells them. Reads nothing. */
export function describeDataset(config: DatasetConfig): DatasetDescription {
  const source = sourceOf(config.source);
  const { classes, image, samples, classCounts, hasParts, hasGroups } = source.describe(
    config.source,
  );
  const takesAll =
    config.classes === undefined &&
    config.limit === undefined &&
    config.parts === undefined &&
    !(config.preprocessing ?? []).some((options) => stepOf(options).kind === 'class');
  return {
    classes: classes && arrangeClasses(config, classes),
    image: shapeAfterSteps(config, image),
    samples: takesAll ? samples : undefined,
    classCounts: takesAll ? classCounts : undefined,
    hasParts,
    hasGroups: config.groups !== undefined || hasGroups,
    synthetic: source.synthetic ?? false,
  };
}

function shapeAfterSteps(config: DatasetConfig, image: ImageShape | undefined) {
  const known = image ?? shapeFromConfig(config);
  if (known === undefined) return undefined;
  return (config.preprocessing ?? []).reduce<ImageShape>(
    (shape, options) => {
      const step = stepOf(options);
      if (step.kind !== 'picture') return shape;
      const next = step.shape(options, shape);
      return typeof next === 'string' ? shape : next;
    },
    fittedShape(config, known),
  );
}

/** `dataset.image` alone gives the shape when it has both size and channels. */
const shapeFromConfig = ({ image }: DatasetConfig): ImageShape | undefined =>
  image?.size === undefined || image.channels === undefined
    ? undefined
    : fittedShape({ image }, { height: 1, width: 1, channels: 1 });

/** What is wrong in the section beyond its schema. Paths start at the section. Reads nothing. */
export function datasetProblems(config: DatasetConfig): Problem[] {
  const { classes } = sourceOf(config.source).describe(config.source);
  return [
    ...(classes ? classProblems(config, classes) : []),
    ...partProblems(config),
    ...patternProblems(config),
    ...stepProblems(config),
  ];
}

function partProblems({ parts, source }: DatasetConfig): Problem[] {
  if (parts === undefined || sourceOf(source).describe(source).hasParts !== false) return [];
  return [{ path: ['parts'], message: `${source.type} has no parts here`, hint: 'Leave it out.' }];
}

function patternProblems({ groups }: DatasetConfig): Problem[] {
  if (groups === undefined) return [];
  try {
    new RegExp(groups.pattern);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : 'no regular expression';
    return [{ path: ['groups', 'pattern'], message }];
  }
}

/** Steps in an order that has a meaning, and shapes that they can take. */
function stepProblems(config: DatasetConfig): Problem[] {
  const { image } = sourceOf(config.source).describe(config.source);
  const known = image ?? shapeFromConfig(config);
  let shape = known && fittedShape(config, known);
  let pixelStep: string | undefined;
  return (config.preprocessing ?? []).flatMap((options, index): readonly Problem[] => {
    const step = stepOf(options);
    const path = ['preprocessing', index];
    if (step.kind === 'class') return [];
    if (step.kind === 'pixel') {
      pixelStep = options.type;
      return step.problems?.(options, path, shape?.channels) ?? [];
    }
    const next = shape && step.shape(options, shape);
    if (typeof next === 'string') return [{ path, message: next }];
    shape = next;
    if (pixelStep === undefined) return [];
    const message = `${options.type} works on whole pictures and cannot follow ${pixelStep}`;
    return [{ path, message, hint: `Put it before ${pixelStep}.` }];
  });
}

/** Files that the source and the unseen data name but that are not there. */
export const missingFiles = (config: Pick<DatasetConfig, 'source' | 'unseen'>): Problem[] => [
  ...missingOf(config.source, ['source', 'path']),
  ...Object.entries(config.unseen ?? {}).flatMap(([name, source]) =>
    missingOf(source, ['unseen', name, 'path']),
  ),
];

function missingOf(source: SourceConfig, path: Problem['path']): Problem[] {
  const { paths, where } = sourceOf(source).describe(source);
  return paths
    .filter((file) => !existsSync(file))
    .map((file) => ({
      path,
      message: `${shownPath(file)} is not there`,
      hint: where ?? 'Paths in an experiment are relative to its file.',
    }));
}
