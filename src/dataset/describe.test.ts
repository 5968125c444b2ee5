import { expect, test } from '@jest/globals';
import { datasetProblems, describeDataset, missingFiles } from './describe.ts';
import type { DatasetConfig } from './schema.ts';

const fer = (rest: Partial<DatasetConfig> = {}): DatasetConfig => ({
  source: { type: 'fer_csv', path: '/nowhere/fer2013.csv' },
  duplicates: 'group',
  near_duplicates: 'report',
  ...rest,
});

test('FER-2013 is described without its file', () => {
  const description = describeDataset(fer({ image: { channels: 'rgb' } }));
  expect(description.image).toEqual({ height: 48, width: 48, channels: 3 });
  expect(description.classes?.[1]).toBe('disgust');
  expect(description).toMatchObject({ hasParts: true, hasGroups: false, synthetic: false });
});

test('steps change shape and classes in order', () => {
  const { image, classes } = describeDataset(
    fer({
      image: { size: [64, 60] },
      classes: ['Happy', 'sad', 'angry'],
      preprocessing: [
        { type: 'center_crop', size: [40, 50] },
        { type: 'resize', size: 20 },
        { type: 'merge_classes', classes: { negative: ['sad', 'angry'] } },
      ],
    }),
  );
  expect(image).toEqual({ height: 20, width: 20, channels: 1 });
  expect(classes).toEqual(['happy', 'negative']);
});

test('what only the files tell is undefined, unless the config says it', () => {
  const source = { type: 'image_folder', path: '/nowhere', unreadable: 'error' } as const;
  expect(describeDataset(fer({ source }))).toMatchObject({
    classes: undefined,
    image: undefined,
    hasParts: undefined,
  });
  const image = { size: 32, channels: 'rgb' } as const;
  expect(describeDataset(fer({ source, image })).image).toEqual({
    height: 32,
    width: 32,
    channels: 3,
  });
});

test('a config that fits has no problems', () => {
  const preprocessing = [
    { type: 'histogram_equalization' },
    { type: 'center_crop', size: 48 },
    { type: 'standardize', mean: undefined, standard_deviation: undefined },
  ] as const;
  expect(datasetProblems(fer({ preprocessing, parts: ['train'] }))).toEqual([]);
});

const problemCases: [string, Partial<DatasetConfig>, unknown[], string][] = [
  ['an unknown class', { classes: ['happy', 'hapy'] }, ['classes', 1], 'no class "hapy"'],
  [
    'a class that a step before took away',
    {
      preprocessing: [
        { type: 'select_classes', classes: ['happy', 'sad'] },
        { type: 'merge_classes', classes: { bad: ['sad', 'fear'] } },
      ],
    },
    ['preprocessing', 1, 'classes'],
    'no class "fear"',
  ],
  [
    'one class',
    { preprocessing: [{ type: 'select_classes', classes: ['sad'] }] },
    [],
    'at least 2',
  ],
  [
    'a crop that is too large',
    { preprocessing: [{ type: 'center_crop', size: [48, 49] }] },
    ['preprocessing', 0],
    'cannot cut 48×49 out of 48×48',
  ],
  [
    'a picture step after a pixel step',
    {
      preprocessing: [
        { type: 'rescale', scale: 1, offset: 0 },
        { type: 'resize', size: 32 },
      ],
    },
    ['preprocessing', 1],
    'resize works on whole pictures and cannot follow rescale',
  ],
  [
    'a mean without a deviation',
    { preprocessing: [{ type: 'standardize', mean: 3, standard_deviation: undefined }] },
    ['preprocessing', 0],
    'go together',
  ],
  [
    'a mean for other channels',
    { preprocessing: [{ type: 'standardize', mean: [1, 2, 3], standard_deviation: 1 }] },
    ['preprocessing', 0, 'mean'],
    '3 numbers for 1 channels',
  ],
  ['a broken pattern', { groups: { pattern: '(' } }, ['groups', 'pattern'], 'Invalid regular'],
];

test.each(problemCases)('%s is a problem at its place', (_, rest, path, message) => {
  const problems = datasetProblems(fer(rest));
  expect(problems).toHaveLength(1);
  expect(problems[0]?.path).toEqual(path);
  expect(problems[0]?.message).toContain(message);
});

test('parts of a source without parts are a problem', () => {
  const source = { type: 'jaffe', path: '/nowhere' } as const;
  expect(datasetProblems(fer({ source, parts: ['train'] }))[0]?.path).toEqual(['parts']);
});

test('missing files are listed with where to get them', () => {
  const unseen = { jaffe: { type: 'jaffe', path: '/nowhere/jaffe' } } as const;
  const problems = missingFiles(fer({ unseen }));
  expect(problems.map(({ path }) => path)).toEqual([
    ['source', 'path'],
    ['unseen', 'jaffe', 'path'],
  ]);
  expect(problems[0]?.hint).toMatch(/Kaggle.*quickstart\.yaml/);
});
