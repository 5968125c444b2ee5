/** The augmentations as layers: they act in training and let everything through otherwise. */
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { randomStream } from '../../engine/random.ts';
import type { ObjectSchema } from '../../schema/json-schema.ts';
import { cropRandomly } from '../augmentation/crop-and-erase.ts';
import type { AugmentationCall, AugmentationDefinition } from '../augmentation/define.ts';
import { augmentations } from '../augmentation/index.ts';
import { defineLayer, type LayerCall, type LayerDefinition } from './define.ts';
import { center_crop } from './resizing.ts';
import { spatialInput } from './sizes.ts';

const augmentationCall = ({ tf, x }: LayerCall): AugmentationCall => ({
  tf,
  // `shape` checked the rank.
  images: x as Tensor4D,
  random: randomStream(tf),
  valueRange: [0, 1],
});

const asLayer = <S extends ObjectSchema>({
  className,
  schema,
  apply,
}: AugmentationDefinition<S>): LayerDefinition<S> =>
  defineLayer<S>({
    className,
    schema,
    random: true,
    shape: (_config, inputs) => spatialInput(inputs, 2).shape,
    call: (config, call) => (call.training ? apply(config, augmentationCall(call)) : call.x),
  });

export const random_brightness = asLayer(augmentations.random_brightness);
export const random_contrast = asLayer(augmentations.random_contrast);
export const random_erasing = asLayer(augmentations.random_erasing);
export const random_flip = asLayer(augmentations.random_flip);
export const random_rotation = asLayer(augmentations.random_rotation);
export const random_translation = asLayer(augmentations.random_translation);
export const random_zoom = asLayer(augmentations.random_zoom);

export const random_crop = defineLayer({
  className: 'RandomCrop',
  schema: augmentations.random_crop.schema,
  random: true,
  shape: ({ height, width }, inputs) =>
    center_crop.shape({ type: 'center_crop', height, width }, inputs),
  call: ({ height, width }, call) =>
    call.training
      ? cropRandomly(augmentationCall(call), height, width)
      : center_crop.call({ type: 'center_crop', height, width }, call),
});
