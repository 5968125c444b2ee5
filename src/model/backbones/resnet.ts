/**
 * ResNet (He et al., 2015) and ResNet V2, with activations before the convolutions (He et al.,
 * 2016). Names, strides and epsilon as keras.applications.resnet and resnet_v2.
 */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

/** Filters of the bottlenecks in the four stages. */
const filters = [64, 128, 256, 512];
const ends = { top: 'avg_pool', avg: 'avg_pool', max: 'max_pool' };

const normalize = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('batch_normalization', x, { epsilon: 1.001e-5 }, name);

const activate = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('activation', x, { activation: 'relu' }, name);

type Block = {
  readonly name: string;
  readonly filters: number;
  readonly stride: number;
  /** A convolution on the shortcut, where the number of channels changes. */
  readonly projects: boolean;
};

function blockV1(net: NetworkBuilder, input: string, block: Block): string {
  const { name, stride } = block;
  const wide = { filters: 4 * block.filters, kernel_size: 1 };
  const conv = (x: string, part: string, options: object): string =>
    normalize(
      net,
      net.layer('conv2d', x, { ...options }, `${name}_${part}_conv`),
      `${name}_${part}_bn`,
    );
  const shortcut = block.projects ? conv(input, '0', { ...wide, strides: stride }) : input;
  let x = conv(input, '1', { filters: block.filters, kernel_size: 1, strides: stride });
  x = activate(net, x, `${name}_1_relu`);
  x = conv(x, '2', { filters: block.filters, kernel_size: 3, padding: 'same' });
  x = activate(net, x, `${name}_2_relu`);
  x = conv(x, '3', wide);
  x = net.layer('add', [shortcut, x], {}, `${name}_add`);
  return activate(net, x, `${name}_out`);
}

function blockV2(net: NetworkBuilder, input: string, block: Block): string {
  const { name, stride } = block;
  const wide = { filters: 4 * block.filters, kernel_size: 1 };
  const narrow = { filters: block.filters, use_bias: false };
  const before = activate(net, normalize(net, input, `${name}_preact_bn`), `${name}_preact_relu`);
  const shortcut = block.projects
    ? net.layer('conv2d', before, wide, `${name}_0_conv`)
    : stride === 1
      ? input
      : net.layer('max_pooling2d', input, { pool_size: 1, strides: stride });
  let x = net.layer('conv2d', before, { ...narrow, kernel_size: 1 }, `${name}_1_conv`);
  x = activate(net, normalize(net, x, `${name}_1_bn`), `${name}_1_relu`);
  x = net.layer('zero_padding2d', x, {}, `${name}_2_pad`);
  x = net.layer('conv2d', x, { ...narrow, kernel_size: 3, strides: stride }, `${name}_2_conv`);
  x = activate(net, normalize(net, x, `${name}_2_bn`), `${name}_2_relu`);
  x = net.layer('conv2d', x, wide, `${name}_3_conv`);
  return net.layer('add', [shortcut, x], {}, `${name}_out`);
}

/** Seven-by-seven convolution and pooling; V2 normalises only later. */
function stem(net: NetworkBuilder, version: 1 | 2): string {
  let x = net.layer('zero_padding2d', net.input, { padding: 3 }, 'conv1_pad');
  x = net.layer('conv2d', x, { filters: 64, kernel_size: 7, strides: 2 }, 'conv1_conv');
  if (version === 1) x = activate(net, normalize(net, x, 'conv1_bn'), 'conv1_relu');
  x = net.layer('zero_padding2d', x, {}, 'pool1_pad');
  return net.layer('max_pooling2d', x, { pool_size: 3, strides: 2 }, 'pool1_pool');
}

/** `depths`: blocks of each stage. V1 shrinks in a stage's first block, V2 in its last. */
function resnet(
  net: NetworkBuilder,
  version: 1 | 2,
  depths: readonly number[],
  options: BackboneOptions,
): string {
  let x = stem(net, version);
  for (const [stage, depth] of depths.entries()) {
    const shrinkingBlock = version === 1 ? (stage === 0 ? 0 : 1) : stage === 3 ? 0 : depth;
    for (let i = 1; i <= depth; i += 1) {
      const block = {
        name: `conv${stage + 2}_block${i}`,
        filters: filters[stage] ?? 0,
        stride: i === shrinkingBlock ? 2 : 1,
        projects: i === 1,
      };
      x = version === 1 ? blockV1(net, x, block) : blockV2(net, x, block);
    }
  }
  if (version === 2) x = activate(net, normalize(net, x, 'post_bn'), 'post_relu');
  return finish(net, x, options, ends);
}

const entry = <const Type extends string>(
  type: Type,
  className: string,
  version: 1 | 2,
  depths: readonly number[],
) =>
  defineBackbone(type, {
    className,
    description:
      version === 1
        ? `${className}, residual blocks (He et al., 2015).`
        : `${className}, residual blocks with activations first (He et al., 2016).`,
    defaultSize: 224,
    minimumSize: 32,
    preprocessing: version === 1 ? 'caffe' : 'tf',
    build: (net, options) => resnet(net, version, depths, options),
  });

export const resnet50 = entry('resnet50', 'ResNet50', 1, [3, 4, 6, 3]);
export const resnet101 = entry('resnet101', 'ResNet101', 1, [3, 4, 23, 3]);
export const resnet152 = entry('resnet152', 'ResNet152', 1, [3, 8, 36, 3]);
export const resnet50_v2 = entry('resnet50_v2', 'ResNet50V2', 2, [3, 4, 6, 3]);
export const resnet101_v2 = entry('resnet101_v2', 'ResNet101V2', 2, [3, 4, 23, 3]);
export const resnet152_v2 = entry('resnet152_v2', 'ResNet152V2', 2, [3, 8, 36, 3]);
