/**
 * EfficientNet B0–B7 (Tan and Le, 2019). Layers and names as keras.applications.efficientnet, as
 * it is built for `weights="imagenet"`: with a second rescaling, which the graph for random
 * weights does not have. Takes pixels 0…255.
 */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import { correctPad, type NetworkBuilder } from './network-builder.ts';

type Stage = {
  readonly kernel: number;
  readonly repeats: number;
  /** Output channels before widening. */
  readonly filters: number;
  /** Channels inside a block for each at its input. */
  readonly expansion: number;
  readonly strides: number;
};

const stages: readonly Stage[] = [
  { kernel: 3, repeats: 1, filters: 16, expansion: 1, strides: 1 },
  { kernel: 3, repeats: 2, filters: 24, expansion: 6, strides: 2 },
  { kernel: 5, repeats: 2, filters: 40, expansion: 6, strides: 2 },
  { kernel: 3, repeats: 3, filters: 80, expansion: 6, strides: 2 },
  { kernel: 5, repeats: 3, filters: 112, expansion: 6, strides: 1 },
  { kernel: 5, repeats: 4, filters: 192, expansion: 6, strides: 2 },
  { kernel: 3, repeats: 1, filters: 320, expansion: 6, strides: 1 },
];

/** Channels in the middle of squeeze-and-excitation for each at the block's input. */
const squeeze = 0.25;
/** Rate of dropping whole blocks, which grows from 0 to this with the depth. */
const dropConnect = 0.2;
/** Standard deviations of ImageNet's channels, of pixels 0…1. */
const deviations = [0.229, 0.224, 0.225];

const convolutionStart = { type: 'variance_scaling', scale: 2, mode: 'fan_out' };
const denseStart = {
  type: 'variance_scaling',
  scale: 1 / 3,
  mode: 'fan_out',
  distribution: 'uniform',
};

/** The widened number of channels: a multiple of 8, at most 10 % below. */
export function roundFilters(filters: number, width: number): number {
  const wanted = filters * width;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}

const normalize = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('batch_normalization', x, {}, name);

const swish = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('activation', x, { activation: 'silu' }, name);

function mix(net: NetworkBuilder, x: string, filters: number, name: string): string {
  const kernel = { kernel_size: 1, padding: 'same', kernel_initializer: convolutionStart };
  return net.layer('conv2d', x, { filters, use_bias: false, ...kernel }, name);
}

type Block = {
  readonly name: string;
  readonly kernel: number;
  readonly strides: number;
  readonly expansion: number;
  readonly filters: number;
  readonly dropRate: number;
};

/** Weighs the channels; `filters` in the middle. */
function excite(net: NetworkBuilder, x: string, name: string, filters: number): string {
  const channels = net.channels(x);
  const kernel = { kernel_size: 1, padding: 'same', kernel_initializer: convolutionStart };
  let se = net.layer('global_average_pooling2d', x, {}, `${name}se_squeeze`);
  se = net.layer('reshape', se, { target_shape: [1, 1, channels] }, `${name}se_reshape`);
  const reduce = { filters, activation: 'silu', ...kernel };
  se = net.layer('conv2d', se, reduce, `${name}se_reduce`);
  const expand = { filters: channels, activation: 'sigmoid', ...kernel };
  se = net.layer('conv2d', se, expand, `${name}se_expand`);
  return net.layer('multiply', [x, se], {}, `${name}se_excite`);
}

function addBlock(net: NetworkBuilder, input: string, block: Block): string {
  const { name, kernel, strides } = block;
  const incoming = net.channels(input);
  let x = input;
  if (block.expansion !== 1) {
    x = mix(net, x, incoming * block.expansion, `${name}expand_conv`);
    x = swish(net, normalize(net, x, `${name}expand_bn`), `${name}expand_activation`);
  }
  if (strides === 2) {
    const padding = correctPad(net.shape(x), kernel);
    x = net.layer('zero_padding2d', x, { padding }, `${name}dwconv_pad`);
  }
  const windows = {
    kernel_size: kernel,
    strides,
    padding: strides === 2 ? 'valid' : 'same',
    use_bias: false,
    depthwise_initializer: convolutionStart,
  };
  x = net.layer('depthwise_conv2d', x, windows, `${name}dwconv`);
  x = swish(net, normalize(net, x, `${name}bn`), `${name}activation`);
  x = excite(net, x, name, Math.max(1, Math.floor(incoming * squeeze)));
  x = normalize(net, mix(net, x, block.filters, `${name}project_conv`), `${name}project_bn`);
  if (strides !== 1 || incoming !== block.filters) return x;
  if (block.dropRate > 0) {
    const options = { rate: block.dropRate, noise_shape: [null, 1, 1, 1] };
    x = net.layer('dropout', x, options, `${name}drop`);
  }
  return net.layer('add', [x, input], {}, `${name}add`);
}

function stem(net: NetworkBuilder, width: number, pretrained: boolean): string {
  let x = net.layer('rescaling', net.input, { scale: 1 / 255 });
  x = net.layer('normalization', x);
  // Keras: the weights were made with (x − mean) / variance, not / deviation.
  if (pretrained) x = net.layer('rescaling', x, { scale: deviations.map((d) => 1 / Math.sqrt(d)) });
  x = net.layer('zero_padding2d', x, { padding: correctPad(net.shape(x), 3) }, 'stem_conv_pad');
  const options = {
    filters: roundFilters(32, width),
    kernel_size: 3,
    strides: 2,
    use_bias: false,
    kernel_initializer: convolutionStart,
  };
  x = net.layer('conv2d', x, options, 'stem_conv');
  return swish(net, normalize(net, x, 'stem_bn'), 'stem_activation');
}

type Scale = {
  /** Factors of channels and of blocks. */
  readonly width: number;
  readonly depth: number;
  readonly size: number;
  /** Dropout before the classifier. */
  readonly dropout: number;
};

function efficientnet(net: NetworkBuilder, scale: Scale, options: BackboneOptions): string {
  const { width, depth } = scale;
  let x = stem(net, width, options.pretrained);
  const repeats = stages.map((stage) => Math.ceil(depth * stage.repeats));
  const total = repeats.reduce((sum, count) => sum + count, 0);
  let done = 0;
  for (const [index, stage] of stages.entries()) {
    for (let i = 0; i < (repeats[index] ?? 0); i += 1) {
      x = addBlock(net, x, {
        name: `block${index + 1}${String.fromCharCode(97 + i)}_`,
        kernel: stage.kernel,
        strides: i === 0 ? stage.strides : 1,
        expansion: stage.expansion,
        filters: roundFilters(stage.filters, width),
        dropRate: (dropConnect * done) / total,
      });
      done += 1;
    }
  }
  x = normalize(net, mix(net, x, roundFilters(1280, width), 'top_conv'), 'top_bn');
  x = swish(net, x, 'top_activation');
  if (!options.includeTop) return finish(net, x, options, { avg: 'avg_pool', max: 'max_pool' });
  x = net.layer('global_average_pooling2d', x, {}, 'avg_pool');
  x = net.layer('dropout', x, { rate: scale.dropout }, 'top_dropout');
  const classifier = { units: 1000, activation: 'softmax', kernel_initializer: denseStart };
  return net.layer('dense', x, classifier, 'predictions');
}

const entry = <const Type extends string>(type: Type, scale: Scale) =>
  defineBackbone(type, {
    className: `EfficientNet${type.slice(-2).toUpperCase()}`,
    description: `EfficientNet ${type.slice(-2).toUpperCase()}, scaled in depth, width and size (Tan and Le, 2019).`,
    defaultSize: scale.size,
    minimumSize: 32,
    preprocessing: 'none',
    build: (net, options) => efficientnet(net, scale, options),
  });

export const efficientnet_b0 = entry('efficientnet_b0', {
  width: 1,
  depth: 1,
  size: 224,
  dropout: 0.2,
});
export const efficientnet_b1 = entry('efficientnet_b1', {
  width: 1,
  depth: 1.1,
  size: 240,
  dropout: 0.2,
});
export const efficientnet_b2 = entry('efficientnet_b2', {
  width: 1.1,
  depth: 1.2,
  size: 260,
  dropout: 0.3,
});
export const efficientnet_b3 = entry('efficientnet_b3', {
  width: 1.2,
  depth: 1.4,
  size: 300,
  dropout: 0.3,
});
export const efficientnet_b4 = entry('efficientnet_b4', {
  width: 1.4,
  depth: 1.8,
  size: 380,
  dropout: 0.4,
});
export const efficientnet_b5 = entry('efficientnet_b5', {
  width: 1.6,
  depth: 2.2,
  size: 456,
  dropout: 0.4,
});
export const efficientnet_b6 = entry('efficientnet_b6', {
  width: 1.8,
  depth: 2.6,
  size: 528,
  dropout: 0.5,
});
export const efficientnet_b7 = entry('efficientnet_b7', {
  width: 2,
  depth: 3.1,
  size: 600,
  dropout: 0.5,
});
