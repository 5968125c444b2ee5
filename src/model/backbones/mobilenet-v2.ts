/** MobileNet V2 (Sandler et al., 2018) with width 1, as keras.applications.mobilenet_v2. */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import { correctPad, type NetworkBuilder } from './network-builder.ts';

/** Output channels and step of each inverted residual block. */
const blocks: readonly (readonly [filters: number, stride: number])[] = [
  [16, 1],
  [24, 2],
  [24, 1],
  [32, 2],
  [32, 1],
  [32, 1],
  [64, 2],
  [64, 1],
  [64, 1],
  [64, 1],
  [96, 1],
  [96, 1],
  [96, 1],
  [160, 2],
  [160, 1],
  [160, 1],
  [320, 1],
];

/** Channels inside a block for each at its input; the first block does not widen. */
const expansion = 6;

const normalize = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('batch_normalization', x, { momentum: 0.999 }, name);

const relu6 = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('relu', x, { max_value: 6 }, name);

const mix = (net: NetworkBuilder, x: string, filters: number, name: string): string =>
  net.layer('conv2d', x, { filters, kernel_size: 1, padding: 'same', use_bias: false }, name);

/** Widen, convolve each channel, narrow; beside the identity where shapes allow. */
function invertedResidual(
  net: NetworkBuilder,
  input: string,
  number: number,
  [filters, strides]: readonly [number, number],
): string {
  const name = number === 0 ? 'expanded_conv' : `block_${number}`;
  let x = input;
  if (number > 0) {
    x = mix(net, x, expansion * net.channels(input), `${name}_expand`);
    x = relu6(net, normalize(net, x, `${name}_expand_BN`), `${name}_expand_relu`);
  }
  if (strides === 2) {
    x = net.layer('zero_padding2d', x, { padding: correctPad(net.shape(x), 3) }, `${name}_pad`);
  }
  const padding = strides === 1 ? 'same' : 'valid';
  const windows = { kernel_size: 3, strides, padding, use_bias: false };
  x = net.layer('depthwise_conv2d', x, windows, `${name}_depthwise`);
  x = relu6(net, normalize(net, x, `${name}_depthwise_BN`), `${name}_depthwise_relu`);
  x = normalize(net, mix(net, x, filters, `${name}_project`), `${name}_project_BN`);
  const isResidual = strides === 1 && net.channels(input) === filters;
  return isResidual ? net.layer('add', [input, x], {}, `${name}_add`) : x;
}

function build(net: NetworkBuilder, options: BackboneOptions): string {
  const first = { filters: 32, kernel_size: 3, strides: 2, padding: 'same', use_bias: false };
  let x = net.layer('conv2d', net.input, first, 'Conv1');
  x = relu6(net, normalize(net, x, 'bn_Conv1'), 'Conv1_relu');
  for (const [number, block] of blocks.entries()) x = invertedResidual(net, x, number, block);
  x = net.layer('conv2d', x, { filters: 1280, kernel_size: 1, use_bias: false }, 'Conv_1');
  x = relu6(net, normalize(net, x, 'Conv_1_bn'), 'out_relu');
  return finish(net, x, options);
}

export const mobilenet_v2 = defineBackbone('mobilenet_v2', {
  className: 'MobileNetV2',
  description: 'MobileNet V2, inverted residual blocks (Sandler et al., 2018).',
  defaultSize: 224,
  minimumSize: 32,
  preprocessing: 'tf',
  build,
});
