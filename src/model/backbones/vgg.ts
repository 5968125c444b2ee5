/** VGG (Simonyan and Zisserman, 2014): blocks of 3×3 convolutions. Names as keras.applications. */
import { type BackboneOptions, defineBackbone, pool } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

/** Filters of the five blocks. */
const filters = [64, 128, 256, 512, 512];

/** `depths`: convolutions of each block. */
function vgg(net: NetworkBuilder, depths: readonly number[], options: BackboneOptions): string {
  let x = net.input;
  for (const [index, depth] of depths.entries()) {
    const block = `block${index + 1}`;
    const convolution = {
      filters: filters[index],
      kernel_size: 3,
      padding: 'same',
      activation: 'relu',
    };
    for (let i = 1; i <= depth; i += 1)
      x = net.layer('conv2d', x, convolution, `${block}_conv${i}`);
    x = net.layer('max_pooling2d', x, {}, `${block}_pool`);
  }
  if (!options.includeTop) return pool(net, x, options.pooling);
  x = net.layer('flatten', x, {}, 'flatten');
  x = net.layer('dense', x, { units: 4096, activation: 'relu' }, 'fc1');
  x = net.layer('dense', x, { units: 4096, activation: 'relu' }, 'fc2');
  return net.layer('dense', x, { units: 1000, activation: 'softmax' }, 'predictions');
}

export const vgg16 = defineBackbone('vgg16', {
  className: 'VGG16',
  description: 'VGG with 16 layers (Simonyan and Zisserman, 2014).',
  defaultSize: 224,
  minimumSize: 32,
  preprocessing: 'caffe',
  build: (net, options) => vgg(net, [2, 2, 3, 3, 3], options),
});

export const vgg19 = defineBackbone('vgg19', {
  className: 'VGG19',
  description: 'VGG with 19 layers (Simonyan and Zisserman, 2014).',
  defaultSize: 224,
  minimumSize: 32,
  preprocessing: 'caffe',
  build: (net, options) => vgg(net, [2, 2, 4, 4, 4], options),
});
