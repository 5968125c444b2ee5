/** Many small pictures in one PNG, and one of them cut out again. */
import { join } from 'node:path';
import sharp from 'sharp';
import type { Dataset } from '../dataset/dataset.ts';
import { openImages } from '../dataset/open-images.ts';
import { writeAtomically } from '../result/run-directory.ts';

/** Pixels of each picture on a sheet. */
export type TileSize = { readonly width: number; readonly height: number };

export type Sheet<Figure> = { readonly columns: number; readonly figures: readonly Figure[] };

/** A picture with what is known of it, fit for an `img`. */
export type Shown<Figure> = Figure & { readonly uri: string };

/** Larger pictures are made smaller, to this many pixels on their longer side. */
const longestSide = 96;

export function tileSize({ height, width }: TileSize): TileSize {
  const scale = Math.min(1, longestSide / Math.max(height, width));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Writes `<directory>/<name>.png`, row by row; nothing when there are no figures. */
export async function writeSheet(
  directory: string,
  name: string,
  { images }: Pick<Dataset, 'images'>,
  tile: TileSize,
  { columns, figures }: Sheet<{ readonly index: number }>,
): Promise<void> {
  if (figures.length === 0) return;
  const { width, height, channels } = images;
  const reader = openImages(images);
  try {
    const tiles = figures.map(async (figure, position) => {
      const raw = { width, height, channels: channels === 3 ? (3 as const) : (1 as const) };
      const input = await sharp(reader.read([figure.index]), { raw })
        .resize(tile.width, tile.height, { fit: 'fill' })
        .png()
        .toBuffer();
      const { left, top } = placeOf(position, tile, columns);
      return { input, left, top };
    });
    const rows = Math.ceil(figures.length / columns);
    const size = { width: columns * tile.width, height: rows * tile.height };
    const png = await sharp({ create: { ...size, channels: 3, background: '#000' } })
      .composite(await Promise.all(tiles))
      .png()
      .toBuffer();
    writeAtomically(join(directory, `${name}.png`), png);
  } finally {
    reader.close();
  }
}

/** The figures of a sheet that `writeSheet` wrote, each with its picture. */
export async function cutSheet<Figure>(
  directory: string,
  name: string,
  tile: TileSize,
  { columns, figures }: Sheet<Figure>,
): Promise<Shown<Figure>[]> {
  if (figures.length === 0) return [];
  const sheet = await sharp(join(directory, `${name}.png`))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = sheet.info;
  return Promise.all(
    figures.map(async (figure, position) => {
      const png = await sharp(sheet.data, { raw: { width, height, channels } })
        .extract(placeOf(position, tile, columns))
        .png()
        .toBuffer();
      return { ...figure, uri: `data:image/png;base64,${png.toString('base64')}` };
    }),
  );
}

const placeOf = (position: number, { width, height }: TileSize, columns: number) => ({
  left: (position % columns) * width,
  top: Math.floor(position / columns) * height,
  width,
  height,
});
