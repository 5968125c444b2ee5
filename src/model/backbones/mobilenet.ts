/** MobileNet (Howard et al., 2017) with width 1. Layers and names as keras.applications.mobilenet. */
import { type BackboneOptions, defineBackbone, pool } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

/** Filters and step of each depthwise separable block. */
const blocks: readonly (readonly [filters: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** Normalisation and relu6 after the convolution `name`. */
function activate(net: NetworkBuilder, x: string, name: string): string {
  const normal = net.layer('batch_normalization', x, {}, `${name}_bn`);
  return net.layer('relu', normal, { max_value: 6 }, `${name}_relu`);
}

/** A convolution per channel, then a 1×1 convolution that mixes the channels. */
function separable(
  net: NetworkBuilder,
  input: string,
  number: number,
  [filters, strides]: readonly [number, number],
): string {
  const deep = `conv_dw_${number}`;
  const point = `conv_pw_${number}`;
  const edges = [
    [0, 1],
    [0, 1],
  ];
  const source =
    strides === 1
      ? input
      : net.layer('zero_padding2d', input, { padding: edges }, `conv_pad_${number}`);
  const padding = strides === 1 ? 'same' : 'valid';
  const windows = { kernel_size: 3, strides, padding, use_bias: false };
  const x = activate(net, net.layer('depthwise_conv2d', source, windows, deep), deep);
  const mixing = { filters, kernel_size: 1, padding: 'same', use_bias: false };
  return activate(net, net.layer('conv2d', x, mixing, point), point);
}

function build(net: NetworkBuilder, { includeTop, pooling }: BackboneOptions): string {
  const first = { filters: 32, kernel_size: 3, strides: 2, padding: 'same', use_bias: false };
  let x = activate(net, net.layer('conv2d', net.input, first, 'conv1'), 'conv1');
  for (const [index, block] of blocks.entries()) x = separable(net, x, index + 1, block);
  if (!includeTop) return pool(net, x, pooling);
  x = net.layer('global_average_pooling2d', x, { keepdims: true });
  x = net.layer('dropout', x, { rate: 0.001 }, 'dropout');
  x = net.layer('conv2d', x, { filters: 1000, kernel_size: 1, padding: 'same' }, 'conv_preds');
  x = net.layer('reshape', x, { target_shape: [1000] }, 'reshape_2');
  return net.layer('activation', x, { activation: 'softmax' }, 'predictions');
}

export const mobilenet = defineBackbone('mobilenet', {
  className: 'MobileNet',
  description: 'MobileNet, depthwise separable convolutions (Howard et al., 2017).',
  defaultSize: 224,
  minimumSize: 32,
  preprocessing: 'tf',
  build,
});
