/** Every layer that a model may have, by its name in the YAML. */
import { activation } from './activation.ts';
import { batch_normalization } from './batch-normalization.ts';
import { conv1d, conv2d, conv3d } from './convolution.ts';
import {
  cropping1d,
  cropping2d,
  cropping3d,
  zero_padding1d,
  zero_padding2d,
  zero_padding3d,
} from './cropping.ts';
import type { AnyLayer } from './define.ts';
import { dense } from './dense.ts';
import {
  alpha_dropout,
  dropout,
  gaussian_dropout,
  gaussian_noise,
  spatial_dropout1d,
  spatial_dropout2d,
  spatial_dropout3d,
} from './dropout.ts';
import {
  global_average_pooling1d,
  global_average_pooling2d,
  global_average_pooling3d,
  global_max_pooling1d,
  global_max_pooling2d,
  global_max_pooling3d,
} from './global-pooling.ts';
import { local_response_normalization } from './local-response-normalization.ts';
import { add, average, concatenate, maximum, minimum, multiply, subtract } from './merging.ts';
import {
  average_pooling1d,
  average_pooling2d,
  average_pooling3d,
  max_pooling1d,
  max_pooling2d,
  max_pooling3d,
} from './pooling.ts';
import { center_crop, rescaling, resizing } from './resizing.ts';
import { flatten, permute, repeat_vector, reshape } from './shaping.ts';

export const layers = {
  activation,
  add,
  alpha_dropout,
  average,
  average_pooling1d,
  average_pooling2d,
  average_pooling3d,
  batch_normalization,
  center_crop,
  concatenate,
  conv1d,
  conv2d,
  conv3d,
  cropping1d,
  cropping2d,
  cropping3d,
  dense,
  dropout,
  flatten,
  gaussian_dropout,
  gaussian_noise,
  global_average_pooling1d,
  global_average_pooling2d,
  global_average_pooling3d,
  global_max_pooling1d,
  global_max_pooling2d,
  global_max_pooling3d,
  local_response_normalization,
  max_pooling1d,
  max_pooling2d,
  max_pooling3d,
  maximum,
  minimum,
  multiply,
  permute,
  repeat_vector,
  rescaling,
  reshape,
  resizing,
  spatial_dropout1d,
  spatial_dropout2d,
  spatial_dropout3d,
  subtract,
  zero_padding1d,
  zero_padding2d,
  zero_padding3d,
} as const;

export type LayerType = keyof typeof layers;

/** The entry of a type, its options seen as plain JSON; undefined where there is none. */
export function findLayer(type: string): AnyLayer | undefined {
  // Each member takes its own options; a caller that has checked them sees them as unknowns.
  return Object.hasOwn(layers, type)
    ? (layers[type as LayerType] as unknown as AnyLayer)
    : undefined;
}
