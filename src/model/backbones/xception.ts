/** Xception (Chollet, 2017): separable convolutions with residuals. Names as keras.applications. */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

const normalize = (net: NetworkBuilder, x: string, name?: string): string =>
  net.layer('batch_normalization', x, {}, name);

const relu = (net: NetworkBuilder, x: string, name: string): string =>
  net.layer('activation', x, { activation: 'relu' }, name);

function separable(net: NetworkBuilder, x: string, filters: number, name: string): string {
  const options = { filters, kernel_size: 3, padding: 'same', use_bias: false };
  return normalize(net, net.layer('separable_conv2d', x, options, name), `${name}_bn`);
}

/** Two separable convolutions and pooling, beside a strided 1×1 convolution. */
function shrinkingBlock(
  net: NetworkBuilder,
  input: string,
  block: number,
  [first, second]: readonly [number, number],
): string {
  const name = `block${block}`;
  const strided = {
    filters: second,
    kernel_size: 1,
    strides: 2,
    padding: 'same',
    use_bias: false,
  };
  const residual = normalize(net, net.layer('conv2d', input, strided));
  // The stem has already applied the first activation.
  let x = block === 2 ? input : relu(net, input, `${name}_sepconv1_act`);
  x = separable(net, x, first, `${name}_sepconv1`);
  x = separable(net, relu(net, x, `${name}_sepconv2_act`), second, `${name}_sepconv2`);
  const pooling = { pool_size: 3, strides: 2, padding: 'same' };
  x = net.layer('max_pooling2d', x, pooling, `${name}_pool`);
  return net.layer('add', [x, residual]);
}

/** Three separable convolutions beside the identity. */
function middleBlock(net: NetworkBuilder, input: string, block: number): string {
  let x = input;
  for (const part of ['sepconv1', 'sepconv2', 'sepconv3']) {
    x = relu(net, x, `block${block}_${part}_act`);
    x = separable(net, x, 728, `block${block}_${part}`);
  }
  return net.layer('add', [x, input]);
}

function build(net: NetworkBuilder, options: BackboneOptions): string {
  const first = { filters: 32, kernel_size: 3, strides: 2, use_bias: false };
  let x = normalize(net, net.layer('conv2d', net.input, first, 'block1_conv1'), 'block1_conv1_bn');
  x = relu(net, x, 'block1_conv1_act');
  const second = { filters: 64, kernel_size: 3, use_bias: false };
  x = normalize(net, net.layer('conv2d', x, second, 'block1_conv2'), 'block1_conv2_bn');
  x = relu(net, x, 'block1_conv2_act');
  x = shrinkingBlock(net, x, 2, [128, 128]);
  x = shrinkingBlock(net, x, 3, [256, 256]);
  x = shrinkingBlock(net, x, 4, [728, 728]);
  for (let block = 5; block <= 12; block += 1) x = middleBlock(net, x, block);
  x = shrinkingBlock(net, x, 13, [728, 1024]);
  x = relu(net, separable(net, x, 1536, 'block14_sepconv1'), 'block14_sepconv1_act');
  x = relu(net, separable(net, x, 2048, 'block14_sepconv2'), 'block14_sepconv2_act');
  return finish(net, x, options, { top: 'avg_pool' });
}

export const xception = defineBackbone('xception', {
  className: 'Xception',
  description: 'Xception, separable convolutions with residuals (Chollet, 2017).',
  defaultSize: 299,
  minimumSize: 71,
  preprocessing: 'tf',
  build,
});
