/** The `dataset` section of an experiment. */
import { type Infer, oneOfType } from '../schema/json-schema.ts';
import { partNames } from './dataset.ts';
import { sizeSchema } from './picture.ts';
import { preprocessing } from './preprocessing/index.ts';
import { sources } from './sources/index.ts';

export const datasetSchema = {
  type: 'object',
  description: 'Where the images come from, and what is done to them before any model sees them.',
  properties: {
    source: oneOfType(sources, {
      description: 'The files (or the renderer) that images come from.',
    }),
    image: {
      type: 'object',
      description: 'Size and channels that every image is brought to; default: as they are.',
      properties: {
        size: {
          ...sizeSchema,
          description:
            'Height and width, or one number for a square; bilinear with antialiasing (tf.image.resize with antialias=True). Needed where the files have several sizes.',
          examples: [48, [48, 48]],
        },
        channels: {
          type: 'string',
          enum: ['grayscale', 'rgb'],
          description:
            'rgb repeats the channel of gray images; grayscale takes the luma of colours.',
        },
      },
      additionalProperties: false,
    },
    parts: {
      type: 'array',
      description: 'Which parts of a dataset that comes divided take part; default: all.',
      items: { type: 'string', enum: partNames, description: 'A part.' },
      minItems: 1,
      examples: [['train', 'validation']],
    },
    classes: {
      type: 'array',
      description:
        'The classes that take part, in label order; default: all, in the order of the source.',
      items: { type: 'string', minLength: 1, description: 'A class.' },
      minItems: 2,
    },
    preprocessing: {
      type: 'array',
      description:
        'Steps in order; pixel steps (rescale, standardize) come last. Without a pixel step: rescale to 0…1, or what the backbone was trained with.',
      items: oneOfType(preprocessing, { description: 'A step.' }),
      examples: [['histogram_equalization', 'standardize']],
    },
    duplicates: {
      type: 'string',
      enum: ['group', 'drop', 'keep'],
      default: 'group',
      description:
        'Identical pictures: group keeps them in one fold, drop leaves all but the first out (whatever their labels), keep treats them as different.',
    },
    near_duplicates: {
      type: 'string',
      enum: ['report', 'group', 'keep'],
      default: 'report',
      description:
        'Nearly identical pictures (64-bit difference hash, distance at most 2): report shows them, group keeps them in one fold, keep does not look.',
    },
    groups: {
      type: 'object',
      description:
        'The group (subject) of each sample from its file name, where the source has none.',
      properties: {
        pattern: {
          type: 'string',
          minLength: 1,
          description:
            'Regular expression on the path below the source’s folder; its first parenthesis, or else the whole match, is the group.',
          examples: ['(S\\d+)_'],
        },
      },
      required: ['pattern'],
      additionalProperties: false,
    },
    unseen: {
      type: 'object',
      description:
        'Name → source of data that is never trained on and predicted at the end, with labels mapped by name.',
      additionalProperties: oneOfType(sources, { description: 'A source.' }),
      propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
    },
    limit: {
      type: 'integer',
      minimum: 1,
      description: 'The first n samples of each class only, for trials.',
    },
  },
  required: ['source'],
  additionalProperties: false,
} as const;

export type DatasetConfig = Infer<typeof datasetSchema>;
export type SourceConfig = DatasetConfig['source'];
