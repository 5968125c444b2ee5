/** What a backbone wants its pixels to be. */
import { backbonePreprocessing, type PixelTransform } from '../../dataset/pixel-transform.ts';
import { type BackboneConfig, backbones } from './index.ts';

/**
 * The transform of Keras's `preprocess_input` for the backbone, from pixels 0…255. Gray pictures,
 * which ImageNet weights refuse, get the mean over the channels.
 */
export function preprocessingOf(
  { type }: Pick<BackboneConfig, 'type'>,
  channels: number,
): PixelTransform {
  const transform = backbonePreprocessing[backbones[type].preprocessing]();
  if (channels === 3) return transform;
  const single = (values: readonly number[]): number[] => [
    values.reduce((sum, value) => sum + value, 0) / values.length,
  ];
  return {
    mean: single(transform.mean),
    scale: single(transform.scale),
    reverse_channels: false,
  };
}
