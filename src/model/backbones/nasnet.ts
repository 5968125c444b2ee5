/** NASNet-A Mobile (Zoph et al., 2018). Cells and names as keras.applications.nasnet. */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import { correctPad, type NetworkBuilder } from './network-builder.ts';

/** Filters of a normal cell before the first reduction: 1056 / 24. */
const filters = 44;
const cellsPerStage = 4;

/** The output of the last cell and of the one before it. */
type Cells = { readonly x: string; readonly before: string | undefined };
type Cell = { readonly filters: number; readonly id: string };

const normalize = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('batch_normalization', x, { momentum: 0.9997 }, name);

const relu = (net: NetworkBuilder, x: string, name?: string): string =>
  net.layer('activation', x, { activation: 'relu' }, name);

/** A 1×1 convolution without bias. */
const mix = (net: NetworkBuilder, x: string, count: number, name: string): string =>
  net.layer(
    'conv2d',
    x,
    {
      filters: count,
      kernel_size: 1,
      padding: 'same',
      use_bias: false,
      kernel_initializer: 'he_normal',
    },
    name,
  );

const average = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('average_pooling2d', x, { pool_size: 3, strides: 1, padding: 'same' }, name);

/** Two separable convolutions; the first may halve the picture. */
function separable(
  net: NetworkBuilder,
  input: string,
  count: number,
  window: { readonly size: number; readonly strides?: 2 },
  id: string,
): string {
  const { size, strides = 1 } = window;
  let x = relu(net, input);
  if (strides === 2) {
    const padding = correctPad(net.shape(x), size);
    x = net.layer('zero_padding2d', x, { padding }, `separable_conv_1_pad_${id}`);
  }
  const options = { filters: count, kernel_size: size, use_bias: false };
  const first = { ...options, strides, padding: strides === 2 ? 'valid' : 'same' };
  x = net.layer('separable_conv2d', x, first, `separable_conv_1_${id}`);
  x = relu(net, normalize(net, x, `separable_conv_1_bn_${id}`));
  x = net.layer('separable_conv2d', x, { ...options, padding: 'same' }, `separable_conv_2_${id}`);
  return normalize(net, x, `separable_conv_2_bn_${id}`);
}

/** Brings the output of the cell before the last to the size and channels of this cell. */
function adjust(net: NetworkBuilder, { x, before }: Cells, { filters: count, id }: Cell): string {
  if (before === undefined) return x;
  if (net.shape(before)[1] !== net.shape(x)[1]) return adjustSize(net, before, count, id);
  if (net.channels(before) === count) return before;
  const mixed = mix(net, relu(net, before), count, `adjust_conv_projection_${id}`);
  return normalize(net, mixed, `adjust_bn_${id}`);
}

/** Halves the picture twice, the second time shifted by a pixel, half of the channels each. */
function adjustSize(net: NetworkBuilder, before: string, count: number, id: string): string {
  const p = relu(net, before, `adjust_relu_1_${id}`);
  const half = Math.floor(count / 2);
  const every2nd = { pool_size: 1, strides: 2 };
  const even = net.layer('average_pooling2d', p, every2nd, `adjust_avg_pool_1_${id}`);
  const first = mix(net, even, half, `adjust_conv_1_${id}`);
  const shifted = [
    [0, 1],
    [0, 1],
  ];
  const back = [
    [1, 0],
    [1, 0],
  ];
  let odd = net.layer('zero_padding2d', p, { padding: shifted });
  odd = net.layer('cropping2d', odd, { cropping: back });
  odd = net.layer('average_pooling2d', odd, every2nd, `adjust_avg_pool_2_${id}`);
  const second = mix(net, odd, half, `adjust_conv_2_${id}`);
  return normalize(net, net.layer('concatenate', [first, second]), `adjust_bn_${id}`);
}

function normalCell(net: NetworkBuilder, cells: Cells, cell: Cell): Cells {
  const { id, filters: count } = cell;
  const p = adjust(net, cells, cell);
  const mixed = mix(net, relu(net, cells.x), count, `normal_conv_1_${id}`);
  const h = normalize(net, mixed, `normal_bn_1_${id}`);
  const add = (inputs: readonly string[], number: number): string =>
    net.layer('add', inputs, {}, `normal_add_${number}_${id}`);
  const conv = (x: string, size: number, place: string): string =>
    separable(net, x, count, { size }, `normal_${place}_${id}`);
  const x1 = add([conv(h, 5, 'left1'), conv(p, 3, 'right1')], 1);
  const x2 = add([conv(p, 5, 'left2'), conv(p, 3, 'right2')], 2);
  const x3 = add([average(net, h, `normal_left3_${id}`), p], 3);
  const left4 = average(net, p, `normal_left4_${id}`);
  const x4 = add([left4, average(net, p, `normal_right4_${id}`)], 4);
  const x5 = add([conv(h, 3, 'left5'), h], 5);
  const x = net.layer('concatenate', [p, x1, x2, x3, x4, x5], {}, `normal_concat_${id}`);
  return { x, before: cells.x };
}

function reductionCell(net: NetworkBuilder, cells: Cells, cell: Cell): Cells {
  const { id, filters: count } = cell;
  const p = adjust(net, cells, cell);
  const mixed = mix(net, relu(net, cells.x), count, `reduction_conv_1_${id}`);
  const h = normalize(net, mixed, `reduction_bn_1_${id}`);
  const padding = correctPad(net.shape(h), 3);
  const padded = net.layer('zero_padding2d', h, { padding }, `reduction_pad_1_${id}`);
  const shrink = (x: string, size: number, place: string): string =>
    separable(net, x, count, { size, strides: 2 }, `reduction_${place}_${id}`);
  const pool = (type: 'max_pooling2d' | 'average_pooling2d', place: string): string =>
    net.layer(type, padded, { pool_size: 3, strides: 2 }, `reduction_${place}_${id}`);
  // Keras writes some of these names with an underscore and some without.
  const add = (inputs: readonly string[], name?: string): string =>
    net.layer('add', inputs, {}, name && `reduction_${name}_${id}`);
  const x1 = add([shrink(h, 5, 'left1'), shrink(p, 7, 'right1')], 'add_1');
  const x2 = add([pool('max_pooling2d', 'left2'), shrink(p, 7, 'right2')], 'add_2');
  const x3 = add([pool('average_pooling2d', 'left3'), shrink(p, 5, 'right3')], 'add3');
  const x4 = add([x2, average(net, x1, `reduction_left4_${id}`)]);
  const left5 = separable(net, x1, count, { size: 3 }, `reduction_left4_${id}`);
  const x5 = add([left5, pool('max_pooling2d', 'right5')], 'add4');
  const x = net.layer('concatenate', [x2, x3, x4, x5], {}, `reduction_concat_${id}`);
  return { x, before: cells.x };
}

function build(net: NetworkBuilder, options: BackboneOptions): string {
  const first = {
    filters: 32,
    kernel_size: 3,
    strides: 2,
    use_bias: false,
    kernel_initializer: 'he_normal',
  };
  const x = normalize(net, net.layer('conv2d', net.input, first, 'stem_conv1'), 'stem_bn1');
  let cells: Cells = { x, before: undefined };
  cells = reductionCell(net, cells, { filters: filters / 4, id: 'stem_1' });
  cells = reductionCell(net, cells, { filters: filters / 2, id: 'stem_2' });
  for (let stage = 0; stage < 3; stage += 1) {
    const count = filters * 2 ** stage;
    const start = stage * cellsPerStage;
    if (stage > 0) cells = reductionCell(net, cells, { filters: count, id: `reduce_${start}` });
    for (let i = 0; i < cellsPerStage; i += 1) {
      const id = String(start + i + (stage > 0 ? 1 : 0));
      cells = normalCell(net, cells, { filters: count, id });
    }
  }
  return finish(net, relu(net, cells.x), options);
}

export const nasnet_mobile = defineBackbone('nasnet_mobile', {
  className: 'NASNetMobile',
  description: 'NASNet-A Mobile, cells found by search (Zoph et al., 2018).',
  defaultSize: 224,
  minimumSize: 32,
  preprocessing: 'tf',
  build,
});
