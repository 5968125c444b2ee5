/**
 * The pictures that the report shows, kept as PNG sheets beside the result: the report can be
 * rendered again after the dataset is gone.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Dataset } from '../dataset/dataset.ts';
import { openImages } from '../dataset/open-images.ts';
import type { Predictions } from '../metrics/predictions.ts';
import { predictedClass, readPredictions } from '../result/predictions-file.ts';
import { type RunPaths, writeAtomically } from '../result/run-directory.ts';

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

type Sheet<Figure> = { readonly columns: number; readonly figures: readonly Figure[] };

type SheetIndex = {
  /** Pixels of each picture on the sheets. */
  readonly width: number;
  readonly height: number;
  readonly samples: Sheet<SampleFigure>;
  readonly mistakes: Sheet<MistakeFigure>;
};

/** A picture with what is known of it, fit for an `img`. */
export type Shown<Figure> = Figure & { readonly uri: string };

export type Figures = {
  readonly samples: readonly Shown<SampleFigure>[];
  readonly mistakes: readonly Shown<MistakeFigure>[];
};

const samplesPerClass = 6;
const mistakesShown = 24;
/** Larger pictures are made smaller, to this many pixels on their longer side. */
const longestSide = 96;

/**
 * Writes some pictures of each class, and the test pictures that were put into a wrong class with
 * the greatest confidence. `folds`: those that have predictions.
 */
export async function writeFigures(
  paths: RunPaths,
  dataset: Dataset,
  folds: readonly number[],
): Promise<void> {
  const { height, width } = dataset.images;
  const scale = Math.min(1, longestSide / Math.max(height, width));
  const index: SheetIndex = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    samples: { columns: samplesPerClass, figures: sampleFigures(dataset) },
    mistakes: { columns: 8, figures: mistakeFigures(paths, dataset, folds) },
  };
  mkdirSync(paths.figures, { recursive: true });
  for (const name of ['samples', 'mistakes'] as const) {
    const sheet = await drawSheet(dataset, index, index[name]);
    if (sheet !== null) writeAtomically(join(paths.figures, `${name}.png`), sheet);
  }
  writeAtomically(join(paths.figures, 'figures.json'), `${JSON.stringify(index, null, 2)}\n`);
}

/** The pictures of a run, cut out of its sheets; none where it has none. */
export async function readFigures(paths: RunPaths): Promise<Figures> {
  const path = join(paths.figures, 'figures.json');
  if (!existsSync(path)) return { samples: [], mistakes: [] };
  // Written above, whole or not at all.
  const index = JSON.parse(readFileSync(path, 'utf8')) as SheetIndex;
  const cut = <Figure>(name: string, sheet: Sheet<Figure>): Promise<Shown<Figure>[]> =>
    Promise.all(
      sheet.figures.map(async (figure, position) => {
        const png = await sharp(join(paths.figures, `${name}.png`))
          .extract(placeOf(position, index, sheet.columns))
          .png()
          .toBuffer();
        return { ...figure, uri: `data:image/png;base64,${png.toString('base64')}` };
      }),
    );
  return {
    samples: await cut('samples', index.samples),
    mistakes: await cut('mistakes', index.mistakes),
  };
}

const placeOf = (position: number, { width, height }: SheetIndex, columns: number) => ({
  left: (position % columns) * width,
  top: Math.floor(position / columns) * height,
  width,
  height,
});

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

/** PNG of all figures of a sheet, row by row; null when there are none. */
async function drawSheet(
  { images }: Dataset,
  index: SheetIndex,
  { columns, figures }: Sheet<SampleFigure>,
): Promise<Buffer | null> {
  if (figures.length === 0) return null;
  const { width, height, channels } = images;
  const reader = openImages(images);
  try {
    const tiles = figures.map(async (figure, position) => {
      const raw = { width, height, channels: channels === 3 ? (3 as const) : (1 as const) };
      const input = await sharp(reader.read([figure.index]), { raw })
        .resize(index.width, index.height, { fit: 'fill' })
        .png()
        .toBuffer();
      const { left, top } = placeOf(position, index, columns);
      return { input, left, top };
    });
    const rows = Math.ceil(figures.length / columns);
    const size = { width: columns * index.width, height: rows * index.height };
    return await sharp({ create: { ...size, channels: 3, background: '#000' } })
      .composite(await Promise.all(tiles))
      .png()
      .toBuffer();
  } finally {
    reader.close();
  }
}
