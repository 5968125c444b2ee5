/**
 * The gallery of unseen data: some pictures of each class, kept beside the result with what all
 * folds' models together make of them. They are spread evenly, not chosen by how they went.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../dataset/dataset.ts';
import { ensembleOf } from '../result/ensemble.ts';
import { predictedClass, readPredictions } from '../result/predictions-file.ts';
import { type RunPaths, writeAtomically } from '../result/run-directory.ts';
import {
  cutSheet,
  type Sheet,
  type Shown,
  type TileSize,
  tileSize,
  writeSheet,
} from './picture-sheet.ts';

export type UnseenFigure = {
  readonly index: number;
  readonly origin: string;
  readonly class: string;
  readonly predicted: string;
  /** Of each class, in class order. */
  readonly probabilities: readonly number[];
};

type Gallery = { readonly tile: TileSize; readonly sheet: Sheet<UnseenFigure> };

const picturesPerClass = 3;

const sheetName = (name: string): string => `unseen-${name}`;

/** `folds`: those that have predicted the data. */
export async function writeUnseenFigures(
  { figures: directory, fold }: RunPaths,
  unseen: Readonly<Record<string, Dataset>>,
  folds: readonly number[],
): Promise<void> {
  if (folds.length === 0) return;
  mkdirSync(directory, { recursive: true });
  for (const [name, dataset] of Object.entries(unseen)) {
    const predictions = folds.map((number) =>
      readPredictions(fold(number).unseen(name), dataset.classes, null),
    );
    const tile = tileSize(dataset.images);
    const sheet = { columns: 8, figures: figuresOf(dataset, ensembleOf(predictions)) };
    await writeSheet(directory, sheetName(name), dataset, tile, sheet);
    const gallery: Gallery = { tile, sheet };
    writeAtomically(
      join(directory, `${sheetName(name)}.json`),
      `${JSON.stringify(gallery, null, 2)}\n`,
    );
  }
}

/** The gallery of one dataset; empty where the run has none. */
export async function readUnseenFigures(
  { figures: directory }: RunPaths,
  name: string,
): Promise<Shown<UnseenFigure>[]> {
  const path = join(directory, `${sheetName(name)}.json`);
  if (!existsSync(path)) return [];
  // Written above, whole or not at all.
  const { tile, sheet } = JSON.parse(readFileSync(path, 'utf8')) as Gallery;
  return cutSheet(directory, sheetName(name), tile, sheet);
}

function figuresOf(
  { classes, labels, origins }: Dataset,
  { probabilities }: { readonly probabilities: Float64Array },
): UnseenFigure[] {
  return classes.flatMap((name, label) => {
    const members = [...labels.keys()].filter((index) => labels[index] === label);
    const shown = Math.min(picturesPerClass, members.length);
    return Array.from({ length: shown }, (_, i) => {
      // Every sample was predicted, in the order of the dataset.
      const index = members[Math.floor((i * members.length) / shown)] ?? 0;
      const row = [...probabilities.subarray(index * classes.length, (index + 1) * classes.length)];
      return {
        index,
        origin: origins[index] ?? '',
        class: name,
        predicted: classes[predictedClass(probabilities, index, classes.length)] ?? '',
        probabilities: row,
      };
    });
  });
}
