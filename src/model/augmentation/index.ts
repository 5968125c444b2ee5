/** Every augmentation, by its name in the YAML. */
import type { ObjectSchema } from '../../schema/json-schema.ts';
import { random_brightness, random_contrast } from './color.ts';
import { random_crop, random_erasing } from './crop-and-erase.ts';
import { random_flip } from './flip.ts';
import { random_rotation, random_translation, random_zoom } from './geometry.ts';

export const augmentations = {
  random_brightness,
  random_contrast,
  random_crop,
  random_erasing,
  random_flip,
  random_rotation,
  random_translation,
  random_zoom,
} as const;

/** Which classes' images an entry of `training.augmentation` changes; all if left out. */
const classes = {
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  description: 'Classes whose images it changes; all if left out.',
  examples: [['disgust']],
} as const;

/** The schema of each entry of `training.augmentation`, by `type`. */
export const augmentationEntrySchemas: Readonly<Record<string, ObjectSchema>> = Object.fromEntries(
  Object.entries(augmentations).map(([type, { schema }]) => [
    type,
    { ...schema, properties: { ...schema.properties, classes } },
  ]),
);

export type AugmentationConfig = {
  readonly type: keyof typeof augmentations;
  readonly classes?: readonly string[] | undefined;
  readonly [option: string]: unknown;
};

const schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['type'],
    discriminator: { propertyName: 'type' },
    oneOf: Object.values(augmentationEntrySchemas),
  },
  default: [],
  description: 'Random changes of the images of the train part, one after the other.',
} as const;

/** The schema of `training.augmentation`. */
// The union's members are checked by the schema; their common type is named by hand.
export const augmentationSchema = schema as typeof schema & {
  readonly const: readonly AugmentationConfig[];
};
