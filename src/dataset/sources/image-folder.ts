/** A folder per class, or parts above them: how most image datasets come. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ExperimentError } from '../../errors.ts';
import { isImageName } from '../decode-image.ts';
import { decodeInOrder, type ImageFileSample, noteSkipped } from './decode-in-order.ts';
import { defineSource, shownPath } from './define.ts';
import { partFromText } from './parts.ts';

/** What systems and authors leave in folders of images. */
const clutter = /^(\..*|thumbs\.db|desktop\.ini|__macosx|@eadir|(readme|licen[cs]e)(_.*|\..*)?)$/i;

export const imageFolder = defineSource({
  schema: {
    type: 'object',
    description:
      'A folder per class with JPEG, PNG, TIFF, BMP or WebP files, or train, validation and test folders above them.',
    properties: {
      type: { type: 'string', const: 'image_folder', description: 'A folder per class.' },
      path: {
        type: 'string',
        format: 'path',
        minLength: 1,
        description: 'The folder, relative to this YAML file.',
        examples: ['../data/faces'],
      },
      unreadable: {
        type: 'string',
        enum: ['error', 'skip'],
        default: 'error',
        description:
          'What to do with files that are no readable images: stop, or skip with a note.',
      },
    },
    required: ['type', 'path'],
    additionalProperties: false,
  },
  describe: ({ path }) => ({ hasParts: undefined, hasGroups: false, paths: [path] }),
  files: ({ path }) => filesBelow(path, '').map((file) => join(path, file)),
  async read({ path, unreadable }, context) {
    requireFolder(path);
    const { classFolders, strays } = classFoldersOf(path);
    const skipped = [...strays];
    context.setClasses([...new Set(classFolders.map(({ label }) => label))].sort());
    const samples = classFolders.flatMap(({ label, part, folder }) =>
      filesBelow(path, folder).flatMap((origin): ImageFileSample[] => {
        if (isImageName(origin)) return [{ label, part, origin }];
        skipped.push(origin);
        return [];
      }),
    );
    const foreign = skipped.filter((file) => !isClutter(file));
    if (unreadable === 'error' && foreign[0] !== undefined) throw noImage(path, foreign[0]);
    noteSkipped(skipped, context);
    await decodeInOrder(path, samples, unreadable, context);
  },
});

type ClassFolder = {
  readonly label: string;
  readonly part: number | undefined;
  readonly folder: string;
};

/** The folders of classes in order, and files that lie above them. */
function classFoldersOf(root: string): { classFolders: ClassFolder[]; strays: string[] } {
  const top = listing(root, '');
  const withPart = top.folders.filter((name) => partFromText(name) !== undefined);
  if (withPart.length === 0) {
    const classFolders = top.folders.map((label) => ({ label, part: undefined, folder: label }));
    return { classFolders, strays: top.files };
  }
  const others = top.folders.filter((name) => !withPart.includes(name));
  if (others.length > 0) {
    const message = `${shownPath(root)}: folders of parts (${withPart.join(', ')}) beside ${others.join(', ')}`;
    const hint = 'Either all folders here are parts with classes below them, or all are classes.';
    throw new ExperimentError('DATA_INVALID', message, hint);
  }
  const parts = withPart.map((folder) => ({ folder, ...listing(root, folder) }));
  return {
    classFolders: parts.flatMap(({ folder, folders }) =>
      folders.map((label) => ({ label, part: partFromText(folder), folder: `${folder}/${label}` })),
    ),
    strays: [
      ...top.files,
      ...parts.flatMap(({ folder, files }) => files.map((f) => `${folder}/${f}`)),
    ],
  };
}

/** Names in a folder, sorted by character so that every machine sees one order. */
function listing(root: string, folder: string): { folders: string[]; files: string[] } {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const isFolder = (entry: (typeof entries)[number]) =>
    entry.isDirectory() ||
    (entry.isSymbolicLink() && statSync(join(root, folder, entry.name)).isDirectory());
  const names = (folders: boolean) =>
    entries
      .filter((entry) => isFolder(entry) === folders)
      .map(({ name }) => name)
      .sort();
  return { folders: names(true).filter((name) => !clutter.test(name)), files: names(false) };
}

/** Paths of all files below `root/folder`, relative to `root`, with slashes. */
export function filesBelow(root: string, folder: string): string[] {
  const { folders, files } = listing(root, folder);
  const below = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  return [...files.map(below), ...folders.flatMap((name) => filesBelow(root, below(name)))];
}

/** Whether a file is one of those that systems and authors leave behind. */
export const isClutter = (path: string): boolean =>
  clutter.test(path.slice(path.lastIndexOf('/') + 1));

export function requireFolder(path: string): void {
  if (statSync(path).isDirectory()) return;
  throw new ExperimentError('DATA_INVALID', `${shownPath(path)} is a file, not a folder of images`);
}

const noImage = (root: string, file: string) =>
  new ExperimentError(
    'DATA_INVALID',
    `${shownPath(join(root, file))}: ${isImageName(file) ? 'an image outside of the folders of classes' : 'not an image'}`,
    'Images are JPEG, PNG, TIFF, BMP and WebP files in a folder per class. Remove the file, or skip such files: dataset.source.unreadable: skip.',
  );
