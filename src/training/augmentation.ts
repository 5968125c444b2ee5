/** `training.augmentation`: the model's registry, each entry for all classes or for some. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { augment } from '../model/augmentation/augment.ts';
import { augmentations } from '../model/augmentation/index.ts';
import { type Infer, type ObjectSchema, oneOfType } from '../schema/json-schema.ts';

const classes = {
  type: 'array',
  minItems: 1,
  items: { type: 'string' },
  description: 'Only pictures of these classes are changed; default: all.',
} as const;

type WithClasses<S extends ObjectSchema> = Omit<S, 'properties'> & {
  readonly properties: S['properties'] & { readonly classes: typeof classes };
};

type Entries = {
  [Name in keyof typeof augmentations]: {
    readonly schema: WithClasses<(typeof augmentations)[Name]['schema']>;
  };
};

// The same names, each with one more option.
const entries = Object.fromEntries(
  Object.entries(augmentations).map(([name, { schema }]) => [
    name,
    { schema: { ...schema, properties: { ...schema.properties, classes } } },
  ]),
) as unknown as Entries;

export const augmentationSchema = {
  type: 'array',
  items: oneOfType(entries),
  default: [],
  description:
    'Random changes of the pictures that are trained on, in this order; drawn anew for every ' +
    'picture in every epoch, oversampled copies too.',
} as const;

export type AugmentationConfig = Infer<(typeof augmentationSchema)['items']>;

export type AugmentBatch = (images: Tensor, labels: Tensor) => Tensor;

/**
 * The changes of a batch [batch, height, width, channels] with labels [batch, units], as tensor
 * ops alone. `valueRange`: lowest and highest value of a pixel as the model takes it.
 */
export function makeAugmentation(
  tf: Engine,
  configs: readonly AugmentationConfig[],
  classNames: readonly string[],
  valueRange: readonly [number, number],
): AugmentBatch {
  return (images, labels) =>
    configs.reduce((batch, { classes: chosen, ...config }) => {
      // Augmentations are for pictures: the config check lets them nowhere else.
      const changed = augment(tf, [config], batch as Tensor4D, valueRange);
      return chosen ? tf.where(ofClasses(tf, labels, chosen, classNames), changed, batch) : changed;
    }, images);
}

/** Which samples are of the chosen classes, bool [batch, 1, 1, 1]. */
function ofClasses(
  tf: Engine,
  labels: Tensor,
  chosen: readonly string[],
  classNames: readonly string[],
): Tensor {
  const wanted = new Set(chosen.map((name) => name.toLowerCase()));
  const column = classNames.map((name) => (wanted.has(name.toLowerCase()) ? 1 : 0));
  const perClass = labels.shape[1] === 1 ? tf.concat([tf.sub(1, labels), labels], 1) : labels;
  const share = tf.sum(tf.mul(perClass, tf.tensor2d([column])), 1);
  return tf.reshape(tf.greater(share, 0.5), [-1, 1, 1, 1]);
}
