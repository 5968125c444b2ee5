/**
 * The pictures that the report shows, kept as PNG sheets beside the result: the report can be
 * rendered again after the dataset is gone.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../dataset/dataset.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { predictedClass, readPredictions } from '../result/predictions-file.ts';
import { type RunPaths, writeAtomically } from '../result/run-directory.ts';
import { type DuplicateFigure, duplicateFigures } from './duplicate-figures.ts';
import {
  cutSheet,
  type Sheet,
  type Shown,
  type TileSize,
  tileSize,
  writeSheet,
} from './picture-sheet.ts';

export type SampleFigure = {
  readonly index: number;
  /** Where the picture came from, as the dataset says. */
  readonly origin: string;
  readonly class: string;
};

export type MistakeFigure = SampleFigure & {
  readonly fold: number;
  readonly predicted: string;
  /** What the model gave the class that it chose. */
  readonly probability: number;
};

/** What is on each sheet. */
type Contents = {
  readonly samples: SampleFigure;
  readonly mistakes: MistakeFigure;
  readonly duplicates: DuplicateFigure;
};

type Sheets = { readonly [Name in keyof Contents]: Sheet<Contents[Name]> };

/** `figures.json`. */
type SheetIndex = TileSize & Partial<Sheets>;

export type Figures = { readonly [Name in keyof Contents]: readonly Shown<Contents[Name]>[] };

const samplesPerClass = 6;
const mistakesShown = 24;

/**
 * Writes some pictures of each class, the test pictures that were put into a wrong class with the
 * greatest confidence, and clusters of duplicates. `folds`: those that have predictions.
 */
export async function writeFigures(
  paths: RunPaths,
  dataset: Dataset,
  folds: readonly number[],
): Promise<void> {
  const tile = tileSize(dataset.images);
  const sheets: Sheets = {
    samples: { columns: samplesPerClass, figures: sampleFigures(dataset) },
    mistakes: { columns: 8, figures: mistakeFigures(paths, dataset, folds) },
    duplicates: { columns: 8, figures: duplicateFigures(dataset) },
  };
  mkdirSync(paths.figures, { recursive: true });
  for (const [name, sheet] of Object.entries(sheets))
    await writeSheet(paths.figures, name, dataset, tile, sheet);
  const index: SheetIndex = { ...tile, ...sheets };
  writeAtomically(join(paths.figures, 'figures.json'), `${JSON.stringify(index, null, 2)}\n`);
}

/** The pictures of a run, cut out of its sheets; none where it has none. */
export async function readFigures({ figures: directory }: RunPaths): Promise<Figures> {
  const path = join(directory, 'figures.json');
  if (!existsSync(path)) return { samples: [], mistakes: [], duplicates: [] };
  // Written above, whole or not at all.
  const index = JSON.parse(readFileSync(path, 'utf8')) as SheetIndex;
  const cut = async <Figure>(name: keyof Contents, sheet?: Sheet<Figure>) =>
    sheet === undefined ? [] : await cutSheet(directory, name, index, sheet);
  return {
    samples: await cut('samples', index.samples),
    mistakes: await cut('mistakes', index.mistakes),
    duplicates: await cut('duplicates', index.duplicates),
  };
}

/** Evenly spread over the samples of each class, class by class. */
function sampleFigures({ classes, labels, origins }: Dataset): SampleFigure[] {
  return classes.flatMap((name, label) => {
    const members = [...labels.keys()].filter((index) => labels[index] === label);
    const shown = Math.min(samplesPerClass, members.length);
    return Array.from({ length: shown }, (_, i) => {
      const index = members[Math.floor((i * members.length) / shown)] ?? 0;
      return { index, origin: origins[index] ?? '', class: name };
    });
  });
}

function mistakeFigures(
  paths: RunPaths,
  { classes, origins }: Dataset,
  folds: readonly number[],
): MistakeFigure[] {
  const mistakes = folds.flatMap((fold) => {
    const predictions = readPredictions(paths.fold(fold).predictions, classes, null);
    return mistakesOf(predictions).map((mistake) => ({
      ...mistake,
      fold,
      origin: origins[mistake.index] ?? '',
    }));
  });
  // Equal confidences in the order of the dataset, so that the same run shows the same pictures.
  mistakes.sort((a, b) => b.probability - a.probability || a.index - b.index);
  return mistakes.slice(0, mistakesShown);
}

function mistakesOf({ indices, labels, probabilities, classes }: Predictions) {
  return [...indices].flatMap((index, row) => {
    const label = labels[row] ?? 0;
    const predicted = predictedClass(probabilities, row, classes.length);
    if (predicted === label) return [];
    const probability = probabilities[row * classes.length + predicted] ?? 0;
    return [
      { index, class: classes[label] ?? '', predicted: classes[predicted] ?? '', probability },
    ];
  });
}
