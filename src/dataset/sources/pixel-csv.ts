/** Any CSV file with the pixels of an image in one column. */
import { basename } from 'node:path';
import type { ImageShape } from '../dataset.ts';
import { heightAndWidth, sizeSchema } from '../picture.ts';
import { defineSource } from './define.ts';
import { partFromText, partSpellings } from './parts.ts';
import { readPixelRows } from './pixel-rows.ts';
import { rowError } from './row-error.ts';

const column = (description: string) => ({ type: 'string', minLength: 1, description }) as const;

export const pixelCsv = defineSource({
  schema: {
    type: 'object',
    description:
      'A CSV file with a header, one image per row: a label, and all its pixels in one column, separated by spaces, row by row.',
    properties: {
      type: {
        type: 'string',
        const: 'pixel_csv',
        description: 'A CSV file with a column of pixels.',
      },
      path: {
        type: 'string',
        format: 'path',
        minLength: 1,
        description: 'The CSV file, relative to this YAML file.',
        examples: ['../data/digits.csv'],
      },
      label_column: { ...column('Column with the class.'), default: 'label' },
      pixels_column: { ...column('Column with the pixels.'), default: 'pixels' },
      split_column: column(
        'Column that says which part a row belongs to: train, validation or test (or Training, PublicTest, PrivateTest).',
      ),
      group_column: column('Column with the group (subject) of a row, for group splits.'),
      size: {
        ...sizeSchema,
        description:
          'Height and width of the images; default: the square that the number of pixels makes.',
      },
      channels: {
        type: 'string',
        enum: ['grayscale', 'rgb'],
        default: 'grayscale',
        description: 'rgb: three values per pixel, red, green, blue.',
      },
      classes: {
        type: 'array',
        items: { type: 'string', minLength: 1, description: 'A class.' },
        minItems: 2,
        description:
          'Class names in label order, where the labels are numbers from 0; or the labels that may occur. Default: the labels found, sorted.',
      },
      scale: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 65535,
        default: 255,
        description: 'The highest pixel value in the file; stored images have 0 to 255.',
      },
    },
    required: ['type', 'path'],
    additionalProperties: false,
  },
  describe: ({ path, classes, size, channels, split_column, group_column }) => ({
    classes,
    image: size === undefined ? undefined : { ...heightAndWidth(size), channels: depth(channels) },
    hasParts: split_column !== undefined,
    hasGroups: group_column !== undefined,
    paths: [path],
  }),
  async read(config, context) {
    const { path, classes, split_column: part, group_column: group } = config;
    const label = config.label_column;
    const pixels = config.pixels_column;
    const required = [label, pixels, part, group].filter((name) => name !== undefined);
    const channels = depth(config.channels);
    const given = config.size === undefined ? undefined : heightAndWidth(config.size);
    const count = given && given.height * given.width * channels;
    const classOf = classReader(classes);
    const name = basename(path);
    await readPixelRows(
      {
        path,
        columns: { pixels, label, part, group, required },
        scale: config.scale,
        scaleHint: 'dataset.source.scale says what the highest pixel value in the file is.',
        count,
      },
      (row) => {
        const shape = given ?? square(row.pixels.length / channels, path, row.line);
        const className = classOf(row.label);
        if (className === undefined) {
          const known = `Known are: ${classes?.join(', ')}.`;
          throw rowError(path, row.line, `unknown label "${row.label}"`, known);
        }
        if (row.group === '') throw rowError(path, row.line, `no group in column "${group}"`);
        context.add({
          label: className,
          part: row.part === undefined ? undefined : partOf(row.part, path, row.line),
          group: row.group,
          picture: { ...shape, channels, pixels: row.pixels },
          origin: `${name}:${row.line}`,
        });
      },
      (done, total) => context.progress(done, total, `reading ${name}`),
    );
  },
});

const depth = (channels: 'grayscale' | 'rgb') => (channels === 'rgb' ? 3 : 1);

/** Label in the file → class name; numbers count from 0 where classes are given. */
function classReader(
  classes: readonly string[] | undefined,
): (label: string) => string | undefined {
  if (classes === undefined) return (label) => (label === '' ? undefined : label);
  const names = new Map(classes.map((name) => [name.toLowerCase(), name]));
  return (label) =>
    names.get(label.toLowerCase()) ?? (/^\d+$/.test(label) ? classes[Number(label)] : undefined);
}

function partOf(text: string, path: string, line: number): number {
  const part = partFromText(text);
  if (part !== undefined) return part;
  throw rowError(path, line, `unknown part "${text}"`, `Known are: ${partSpellings.join(', ')}.`);
}

function square(pixels: number, path: string, line: number): Omit<ImageShape, 'channels'> {
  const side = Math.sqrt(pixels);
  if (Number.isInteger(side) && side > 0) return { height: side, width: side };
  throw rowError(
    path,
    line,
    `${pixels} pixels are no square image`,
    'dataset.source.size: [height, width] says what shape they have.',
  );
}
