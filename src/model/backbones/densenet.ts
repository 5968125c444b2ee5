/** DenseNet (Huang et al., 2016). Layers and names as keras.applications.densenet. */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

/** Channels that each block adds. */
const growthRate = 32;
const ends = { top: 'avg_pool', avg: 'avg_pool', max: 'max_pool' };

function activate(net: NetworkBuilder, x: string, bn: string, relu: string): string {
  const normal = net.layer('batch_normalization', x, { epsilon: 1.001e-5 }, bn);
  return net.layer('activation', normal, { activation: 'relu' }, relu);
}

/** Adds `growthRate` channels computed from all those before. */
function denseBlock(net: NetworkBuilder, input: string, name: string): string {
  let x = activate(net, input, `${name}_0_bn`, `${name}_0_relu`);
  const narrow = { filters: 4 * growthRate, kernel_size: 1, use_bias: false };
  x = net.layer('conv2d', x, narrow, `${name}_1_conv`);
  x = activate(net, x, `${name}_1_bn`, `${name}_1_relu`);
  const grown = { filters: growthRate, kernel_size: 3, padding: 'same', use_bias: false };
  x = net.layer('conv2d', x, grown, `${name}_2_conv`);
  return net.layer('concatenate', [input, x], {}, `${name}_concat`);
}

/** Halves channels and picture. */
function transition(net: NetworkBuilder, input: string, name: string): string {
  let x = activate(net, input, `${name}_bn`, `${name}_relu`);
  const half = Math.floor(net.channels(x) / 2);
  x = net.layer('conv2d', x, { filters: half, kernel_size: 1, use_bias: false }, `${name}_conv`);
  return net.layer('average_pooling2d', x, {}, `${name}_pool`);
}

/** `depths`: blocks of each of the four stages. */
function densenet(
  net: NetworkBuilder,
  depths: readonly number[],
  options: BackboneOptions,
): string {
  let x = net.layer('zero_padding2d', net.input, { padding: 3 });
  const first = { filters: 64, kernel_size: 7, strides: 2, use_bias: false };
  x = activate(net, net.layer('conv2d', x, first, 'conv1_conv'), 'conv1_bn', 'conv1_relu');
  x = net.layer('zero_padding2d', x);
  x = net.layer('max_pooling2d', x, { pool_size: 3, strides: 2 }, 'pool1');
  for (const [index, depth] of depths.entries()) {
    const stage = index + 2;
    if (index > 0) x = transition(net, x, `pool${stage - 1}`);
    for (let i = 1; i <= depth; i += 1) x = denseBlock(net, x, `conv${stage}_block${i}`);
  }
  return finish(net, activate(net, x, 'bn', 'relu'), options, ends);
}

const entry = <const Type extends string>(
  type: Type,
  className: string,
  depths: readonly number[],
) =>
  defineBackbone(type, {
    className,
    description: `${className}, every block sees all before it (Huang et al., 2016).`,
    defaultSize: 224,
    minimumSize: 32,
    preprocessing: 'torch',
    build: (net, options) => densenet(net, depths, options),
  });

export const densenet121 = entry('densenet121', 'DenseNet121', [6, 12, 24, 16]);
export const densenet169 = entry('densenet169', 'DenseNet169', [6, 12, 32, 32]);
export const densenet201 = entry('densenet201', 'DenseNet201', [6, 12, 48, 32]);
