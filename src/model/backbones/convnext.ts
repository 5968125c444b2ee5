/** ConvNeXt (Liu et al., 2022). Names as keras.applications.convnext. Takes pixels 0…255. */
import { type BackboneOptions, defineBackbone, pool } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

/** ImageNet's mean and standard deviation of pixels 0…1. */
const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

type Scale = {
  readonly name: string;
  /** Blocks and channels of the four stages. */
  readonly depths: readonly number[];
  readonly channels: readonly number[];
};

const layerNorm = (net: NetworkBuilder, x: string, name?: string): string =>
  net.layer('layer_normalization', x, { epsilon: 1e-6 }, name);

/** Depthwise 7×7, then a layer that widens four times and one that narrows, and the identity. */
function block(net: NetworkBuilder, input: string, channels: number, name: string): string {
  const windows = { filters: channels, kernel_size: 7, padding: 'same', groups: channels };
  let x = net.layer('conv2d', input, windows, `${name}_depthwise_conv`);
  x = layerNorm(net, x, `${name}_layernorm`);
  x = net.layer('dense', x, { units: 4 * channels }, `${name}_pointwise_conv_1`);
  x = net.layer('activation', x, { activation: 'gelu' }, `${name}_gelu`);
  x = net.layer('dense', x, { units: channels }, `${name}_pointwise_conv_2`);
  x = net.layer('layer_scale', x, {}, `${name}_layer_scale`);
  x = net.layer('activation', x, { activation: 'linear' }, `${name}_identity`);
  return net.layer('add', [input, x]);
}

/** Keras's models inside the model: the stem, and what halves the picture before each stage. */
function shrink(net: NetworkBuilder, input: string, filters: number, stage: number, name: string) {
  if (stage === 0) {
    const stem = `${name}_stem`;
    const windows = { filters, kernel_size: 4, strides: 4 };
    return net.inside({ name: stem, className: 'Sequential' }, () =>
      layerNorm(net, net.layer('conv2d', input, windows, `${stem}_conv`), `${stem}_layernorm`),
    );
  }
  const part = `${name}_downsampling`;
  const number = stage - 1;
  const windows = { filters, kernel_size: 2, strides: 2 };
  return net.inside({ name: `${part}_block_${number}`, className: 'Sequential' }, () =>
    net.layer(
      'conv2d',
      layerNorm(net, input, `${part}_layernorm_${number}`),
      windows,
      `${part}_conv_${number}`,
    ),
  );
}

function convnext(net: NetworkBuilder, scale: Scale, options: BackboneOptions): string {
  const { name } = scale;
  let x = net.input;
  if (net.channels(x) === 3) {
    const statistics = {
      mean: means.map((mean) => mean * 255),
      variance: deviations.map((deviation) => (deviation * 255) ** 2),
    };
    x = net.layer('normalization', x, statistics, `${name}_prestem_normalization`);
  }
  for (const [stage, channels] of scale.channels.entries()) {
    x = shrink(net, x, channels, stage, name);
    for (let i = 0; i < (scale.depths[stage] ?? 0); i += 1) {
      x = block(net, x, channels, `${name}_stage_${stage}_block_${i}`);
    }
  }
  if (!options.includeTop) return layerNorm(net, pool(net, x, options.pooling));
  x = net.layer('global_average_pooling2d', x, {}, `${name}_head_gap`);
  x = layerNorm(net, x, `${name}_head_layernorm`);
  return net.layer('dense', x, { units: 1000, activation: 'softmax' }, `${name}_head_dense`);
}

const entry = <const Type extends string>(
  type: Type,
  className: string,
  scale: Omit<Scale, 'name'>,
) =>
  defineBackbone(type, {
    className,
    description: `${className}, convolutions arranged like a transformer (Liu et al., 2022).`,
    defaultSize: 224,
    minimumSize: 32,
    preprocessing: 'none',
    build: (net, options) => convnext(net, { ...scale, name: type }, options),
  });

export const convnext_tiny = entry('convnext_tiny', 'ConvNeXtTiny', {
  depths: [3, 3, 9, 3],
  channels: [96, 192, 384, 768],
});
export const convnext_small = entry('convnext_small', 'ConvNeXtSmall', {
  depths: [3, 3, 27, 3],
  channels: [96, 192, 384, 768],
});
export const convnext_base = entry('convnext_base', 'ConvNeXtBase', {
  depths: [3, 3, 27, 3],
  channels: [128, 256, 512, 1024],
});
