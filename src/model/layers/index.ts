/** Every layer that a model may have, by its name in the YAML. */
import { activation } from './activation.ts';
import { multi_head_attention } from './attention.ts';
import {
  random_brightness,
  random_contrast,
  random_crop,
  random_erasing,
  random_flip,
  random_rotation,
  random_translation,
  random_zoom,
} from './augmenting.ts';
import { batch_normalization } from './batch-normalization.ts';
import { layer_scale, squeeze_excite } from './channel-scaling.ts';
import { conv_lstm2d } from './conv-lstm.ts';
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
import { embedding } from './embedding.ts';
import {
  global_average_pooling1d,
  global_average_pooling2d,
  global_average_pooling3d,
  global_max_pooling1d,
  global_max_pooling2d,
  global_max_pooling3d,
} from './global-pooling.ts';
import { local_response_normalization } from './local-response-normalization.ts';
import { masking } from './masking.ts';
import { add, average, concatenate, dot, maximum, minimum, multiply, subtract } from './merging.ts';
import {
  group_normalization,
  layer_normalization,
  normalization,
  unit_normalization,
} from './normalization.ts';
import {
  average_pooling1d,
  average_pooling2d,
  average_pooling3d,
  max_pooling1d,
  max_pooling2d,
  max_pooling3d,
} from './pooling.ts';
import { gru, lstm, simple_rnn } from './recurrent.ts';
import { elu, leaky_relu, prelu, relu, softmax } from './relu.ts';
import { center_crop, rescaling, resizing } from './resizing.ts';
import {
  depthwise_conv1d,
  depthwise_conv2d,
  separable_conv1d,
  separable_conv2d,
} from './separable-convolution.ts';
import { flatten, permute, repeat_vector, reshape } from './shaping.ts';
import { conv1d_transpose, conv2d_transpose, conv3d_transpose } from './transposed-convolution.ts';
import { up_sampling1d, up_sampling2d, up_sampling3d } from './up-sampling.ts';
import { bidirectional, time_distributed } from './wrapping.ts';

export const layers = {
  activation,
  add,
  alpha_dropout,
  average,
  average_pooling1d,
  average_pooling2d,
  average_pooling3d,
  batch_normalization,
  bidirectional,
  center_crop,
  concatenate,
  conv1d,
  conv1d_transpose,
  conv2d,
  conv2d_transpose,
  conv3d,
  conv3d_transpose,
  conv_lstm2d,
  cropping1d,
  cropping2d,
  cropping3d,
  dense,
  depthwise_conv1d,
  depthwise_conv2d,
  dot,
  dropout,
  elu,
  embedding,
  flatten,
  gaussian_dropout,
  gaussian_noise,
  global_average_pooling1d,
  global_average_pooling2d,
  global_average_pooling3d,
  global_max_pooling1d,
  global_max_pooling2d,
  global_max_pooling3d,
  group_normalization,
  gru,
  layer_normalization,
  layer_scale,
  leaky_relu,
  local_response_normalization,
  lstm,
  masking,
  max_pooling1d,
  max_pooling2d,
  max_pooling3d,
  maximum,
  minimum,
  multi_head_attention,
  multiply,
  normalization,
  permute,
  prelu,
  random_brightness,
  random_contrast,
  random_crop,
  random_erasing,
  random_flip,
  random_rotation,
  random_translation,
  random_zoom,
  relu,
  repeat_vector,
  rescaling,
  reshape,
  resizing,
  separable_conv1d,
  separable_conv2d,
  simple_rnn,
  softmax,
  spatial_dropout1d,
  spatial_dropout2d,
  spatial_dropout3d,
  squeeze_excite,
  subtract,
  time_distributed,
  unit_normalization,
  up_sampling1d,
  up_sampling2d,
  up_sampling3d,
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
