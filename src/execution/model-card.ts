/** What somebody needs to use a saved model: names of the outputs, and what is done to pixels. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PixelTransform } from '../dataset/pixel-transform.ts';
import { ExperimentError } from '../errors.ts';
import type { Shape } from '../model/graph.ts';
import { writeAtomically } from '../result/run-directory.ts';
import type { FoldAssignment } from './protocol.ts';

export const labelsFile = 'labels.json';
export const preprocessingFile = 'preprocessing.json';

/** `preprocessing.json` beside a model. */
export type ModelPreprocessing = {
  /** [height, width, channels] of a picture. */
  readonly input_shape: Shape;
  /** From values 0…255 of each channel to what the model takes. */
  readonly pixels: PixelTransform & { readonly formula: string };
  /** What is done to whole pictures before that, as `dataset` of an experiment has it. */
  readonly pictures?: Readonly<Record<string, unknown>> | undefined;
};

const formula = '(value − mean[channel]) · scale[channel], channels reversed first if so said';

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes both files into the folder of a fold's saved model. */
export function writeModelCard(
  directory: string,
  { classes, graph, transform }: Pick<FoldAssignment, 'classes' | 'graph' | 'transform'>,
): void {
  writeAtomically(join(directory, labelsFile), asJson(classes));
  writePreprocessing(directory, {
    input_shape: graph.input,
    pixels: { ...transform, formula },
  });
}

export const writePreprocessing = (directory: string, value: ModelPreprocessing): void =>
  writeAtomically(join(directory, preprocessingFile), asJson(value));

/** @throws {ExperimentError} USAGE when the model was saved without it. */
export function readPreprocessing(directory: string): ModelPreprocessing {
  const path = join(directory, preprocessingFile);
  if (!existsSync(path)) {
    throw new ExperimentError('USAGE', `${path} is not there: the run is of an older version`);
  }
  // Written by this program, whole or not at all.
  return JSON.parse(readFileSync(path, 'utf8')) as ModelPreprocessing;
}
