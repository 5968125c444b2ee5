/** splits.json: the folds of a run as indices into its dataset, to be used again by `predefined`. */
import { createHash } from 'node:crypto';
import { ExperimentError } from '../errors.ts';
import type { Fold } from './fold.ts';

const version = 1;
const roles = ['train', 'validation', 'test'] as const;

/** SHA-256 over who is in which role of which fold, whatever the order within a role. */
export function splitHash(folds: readonly Fold[]): string {
  const hash = createHash('sha256');
  for (const fold of folds) {
    hash.update(`fold ${fold.fold} repeat ${fold.repeat}\n`);
    for (const role of roles)
      hash.update(`${role} ${Array.from(fold[role].slice().sort()).join(',')}\n`);
  }
  return hash.digest('hex');
}

/** The text of splits.json. `type` is the strategy's name. */
export function writeSplits(folds: readonly Fold[], type: string): string {
  const lines = folds.map((fold) =>
    JSON.stringify({
      fold: fold.fold,
      repeat: fold.repeat,
      train: Array.from(fold.train),
      validation: Array.from(fold.validation),
      test: Array.from(fold.test),
    }),
  );
  const head = JSON.stringify({ version, type, hash: splitHash(folds) }).slice(0, -1);
  return `${head},"folds":[\n${lines.join(',\n')}\n]}\n`;
}

/** The folds in the text of a splits.json; `path` names the file in errors. */
export function parseSplits(text: string, path: string): readonly Fold[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw notSplits(path, String(error));
  }
  if (!isObject(content)) throw notSplits(path, 'it holds no object');
  if (content.version !== version)
    throw notSplits(path, `its version is ${JSON.stringify(content.version)}, not ${version}`);
  if (!Array.isArray(content.folds) || content.folds.length === 0)
    throw notSplits(path, 'it has no folds');
  return content.folds.map((entry: unknown, i) => parseFold(entry, i, path));
}

/** Indices that have more than one role in the fold, or stand twice in one. */
export function indicesWithTwoRoles(fold: Fold): readonly number[] {
  const seen = new Set<number>();
  const twice = new Set<number>();
  for (const role of roles)
    for (const index of fold[role]) {
      if (seen.has(index)) twice.add(index);
      seen.add(index);
    }
  return [...twice];
}

function parseFold(entry: unknown, position: number, path: string): Fold {
  const where = `folds[${position}]`;
  if (!isObject(entry)) throw notSplits(path, `${where} is no object`);
  const { fold, repeat } = entry;
  if (!isIndex(fold) || !isIndex(repeat))
    throw notSplits(path, `${where} needs whole numbers as fold and repeat`);
  const indices = (role: (typeof roles)[number]): Uint32Array => {
    const values = entry[role];
    if (!Array.isArray(values) || !values.every(isIndex))
      throw notSplits(path, `${where}.${role} is no list of indices`);
    if (values.length === 0) throw notSplits(path, `${where}.${role} is empty`);
    return Uint32Array.from(values);
  };
  return {
    fold,
    repeat,
    train: indices('train'),
    validation: indices('validation'),
    test: indices('test'),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isIndex = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0; // an integer is a number

const notSplits = (path: string, why: string) =>
  new ExperimentError(
    'DATA_INVALID',
    `${path} is not the splits.json of a run: ${why}.`,
    'Point split.strategy.path to a splits.json that Foldwise wrote.',
  );
