/** FER-2013 as its one CSV file (Goodfellow et al. 2013, "Challenges in representation learning"). */
import { basename } from 'node:path';
import { defineSource } from './define.ts';
import { partFromText } from './parts.ts';
import { readPixelRows } from './pixel-rows.ts';
import { rowError } from './row-error.ts';

const classes = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;
const side = 48;

export const ferCsv = defineSource({
  schema: {
    type: 'object',
    description:
      'The FER-2013 CSV file (columns emotion, pixels, Usage): 35,887 gray faces of 48×48 pixels in 7 classes.',
    properties: {
      type: { type: 'string', const: 'fer_csv', description: 'The FER-2013 CSV file.' },
      path: {
        type: 'string',
        format: 'path',
        minLength: 1,
        description: 'The CSV file, relative to this YAML file.',
        examples: ['../data/fer2013.csv'],
      },
    },
    required: ['type', 'path'],
    additionalProperties: false,
  },
  describe: ({ path }) => ({
    classes,
    image: { height: side, width: side, channels: 1 },
    hasParts: true,
    hasGroups: false,
    paths: [path],
    where:
      'fer2013.csv comes with the Kaggle competition "Challenges in Representation Learning: Facial ' +
      'Expression Recognition Challenge"; put it at this path. experiments/quickstart.yaml runs without it.',
  }),
  async read({ path }, context) {
    const columns = { pixels: 'pixels', label: 'emotion', part: 'Usage' };
    const file = { path, columns: { ...columns, required: ['emotion', 'pixels'] } };
    const name = basename(path);
    await readPixelRows(
      { ...file, scale: 255, count: side * side },
      (row) => {
        const label = /^[0-6]$/.test(row.label) ? classes[Number(row.label)] : undefined;
        if (label === undefined) {
          const message = `unknown emotion "${row.label}"`;
          throw rowError(path, row.line, message, `Emotions are 0 to 6: ${classes.join(', ')}.`);
        }
        const part = row.part === undefined ? undefined : partFromText(row.part);
        if (row.part !== undefined && part === undefined) {
          const known = 'Usage is Training, PublicTest or PrivateTest.';
          throw rowError(path, row.line, `unknown Usage "${row.part}"`, known);
        }
        context.add({
          label,
          part,
          picture: { height: side, width: side, channels: 1, pixels: row.pixels },
          origin: `${name}:${row.line}`,
        });
      },
      (done, total) => context.progress(done, total, `reading ${name}`),
    );
  },
});
