/** `predefined`: the parts that the dataset comes in, or the folds of an earlier run. */
import { readFileSync } from 'node:fs';
import { type Part, partNames } from '../../dataset/dataset.ts';
import { ExperimentError } from '../../errors.ts';
import { parseSplits } from '../splits-file.ts';
import { type Division, defineStrategy, type Samples } from './define.ts';

export const predefined = defineStrategy({
  schema: {
    type: 'object',
    description:
      'The division that the dataset comes with (FER-2013’s Usage, train and test folders), or the saved folds of a run.',
    properties: {
      type: { type: 'string', const: 'predefined', description: 'A division made by somebody.' },
      path: {
        type: 'string',
        format: 'path',
        description: 'A run’s splits.json; left out, the dataset’s own parts are taken.',
      },
    },
    required: ['type'],
    additionalProperties: false,
  },
  fixed: true,
  folds: ({ path }) => (path === undefined ? 1 : null),
  split: ({ path }, samples) =>
    path === undefined ? [divisionOfParts(samples)] : savedDivisions(path, samples.labels.length),
});

function divisionOfParts({ parts }: Samples): Division {
  if (!parts)
    throw new ExperimentError(
      'DATA_INVALID',
      'The strategy predefined needs a dataset that comes in parts (train and test); this one does not.',
      'Use stratified_k_fold or holdout, or give path: a run’s splits.json.',
    );
  const indicesOf = (part: Part): Uint32Array =>
    Uint32Array.from({ length: parts.length }, (_, i) => i).filter(
      (i) => parts[i] === partNames.indexOf(part),
    );
  const train = indicesOf('train');
  const validation = indicesOf('validation');
  const test = indicesOf('test');
  if (train.length === 0 || test.length === 0)
    throw new ExperimentError(
      'DATA_INVALID',
      `The strategy predefined needs a train and a test part; there are ${train.length} samples to train on, ${validation.length} for validation and ${test.length} to test.`,
      'Take both parts in (dataset.parts), or use another strategy.',
    );
  return validation.length > 0 ? { train, validation, test } : { train, test };
}

function savedDivisions(path: string, samples: number): readonly Division[] {
  const folds = parseSplits(readSplits(path), path);
  for (const fold of folds) {
    const last = Math.max(
      ...[fold.train, fold.validation, fold.test].map((part) =>
        part.reduce((a, b) => Math.max(a, b), 0),
      ),
    );
    if (last >= samples)
      throw new ExperimentError(
        'DATA_INVALID',
        `${path}: fold ${fold.fold} names sample ${last}, and the dataset has ${samples}.`,
        'Use the splits.json of a run on the same data with the same dataset section.',
      );
  }
  return folds;
}

function readSplits(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ExperimentError(
      'DATA_MISSING',
      `Cannot read the saved split ${path}: ${String(error)}`,
      'Point split.strategy.path to the splits.json of a run.',
    );
  }
}
