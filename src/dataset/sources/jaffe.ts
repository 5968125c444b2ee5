/**
 * JAFFE, the Japanese Female Facial Expression database (Lyons et al. 1998): 213 gray TIFF files
 * of 256×256 pixels, ten subjects; label and subject stand in the file name (`KA.AN1.39.tiff`).
 */
import { basename, join } from 'node:path';
import { ExperimentError } from '../../errors.ts';
import { decodeInOrder, noteSkipped } from './decode-in-order.ts';
import { defineSource, shownPath } from './define.ts';
import { filesBelow, requireFolder } from './image-folder.ts';

const emotions: Readonly<Record<string, string>> = {
  AN: 'angry',
  DI: 'disgust',
  FE: 'fear',
  HA: 'happy',
  SA: 'sad',
  SU: 'surprise',
  NE: 'neutral',
};

export const jaffe = defineSource({
  schema: {
    type: 'object',
    description:
      'The JAFFE database: 213 gray faces of 256×256 pixels, 7 emotions; the subject is the group.',
    properties: {
      type: { type: 'string', const: 'jaffe', description: 'The JAFFE database.' },
      path: {
        type: 'string',
        format: 'path',
        minLength: 1,
        description: 'The folder with the .tiff files, relative to this YAML file.',
        examples: ['../data/jaffe'],
      },
    },
    required: ['type', 'path'],
    additionalProperties: false,
  },
  describe: ({ path }) => ({
    classes: Object.values(emotions),
    image: { height: 256, width: 256, channels: 1 },
    hasParts: false,
    hasGroups: true,
    paths: [path],
    where: 'JAFFE is given out by its authors on request; put its .tiff files into this folder.',
  }),
  files: ({ path }) => filesBelow(path, '').map((file) => join(path, file)),
  async read({ path }, context) {
    requireFolder(path);
    const files = filesBelow(path, '');
    const images = files.filter((file) => /\.tiff?$/i.test(file));
    noteSkipped(
      files.filter((file) => !images.includes(file)),
      context,
    );
    const samples = images.map((origin) => ({ origin, ...fromFileName(join(path, origin)) }));
    await decodeInOrder(path, samples, 'error', context);
  },
});

/** `KA.AN1.39.tiff`: subject KA, angry. */
function fromFileName(path: string): { label: string; group: string } {
  const [, subject, emotion] = /^([A-Z]{2})[.-]([A-Z]{2})\d*[.-]/i.exec(basename(path)) ?? [];
  const label = emotions[emotion?.toUpperCase() ?? ''];
  if (subject !== undefined && label !== undefined) return { label, group: subject.toUpperCase() };
  throw new ExperimentError(
    'DATA_INVALID',
    `${shownPath(path)}: the name gives no subject and emotion`,
    `Names look like KA.AN1.39.tiff, emotions are ${Object.keys(emotions).join(', ')}.`,
  );
}
