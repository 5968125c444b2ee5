/** Every augmentation, by its name in the YAML. */
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
