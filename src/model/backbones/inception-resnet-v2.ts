/**
 * Inception-ResNet V2 (Szegedy et al., 2016): Inception blocks with residuals. Layers and names as
 * keras.applications.inception_resnet_v2, whose CustomScaleLayer is a rescaling and an add here.
 */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

type Window = number | readonly [number, number];
type Step = readonly [filters: number, kernel: Window];
type Options = {
  readonly strides?: number;
  readonly padding?: 'valid';
  readonly name?: string;
};

/** Convolution, normalisation without gamma, activation. */
function convolve(
  net: NetworkBuilder,
  input: string,
  [filters, kernel_size]: Step,
  { name, ...options }: Options = {},
): string {
  const convolution = { filters, kernel_size, padding: 'same', use_bias: false, ...options };
  let x = net.layer('conv2d', input, convolution, name);
  x = net.layer('batch_normalization', x, { scale: false }, name && `${name}_bn`);
  return net.layer('activation', x, { activation: 'relu' }, name && `${name}_ac`);
}

const chain = (net: NetworkBuilder, input: string, ...steps: readonly Step[]): string =>
  steps.reduce((x, step) => convolve(net, x, step), input);

/** A chain whose last convolution halves the picture. */
const shrink = (net: NetworkBuilder, x: string, steps: readonly Step[], last: Step): string =>
  convolve(net, chain(net, x, ...steps), last, { strides: 2, padding: 'valid' });

const maxPool = (net: NetworkBuilder, x: string): string =>
  net.layer('max_pooling2d', x, { pool_size: 3, strides: 2 });

type Branches = readonly (readonly Step[])[];

/** The branches of the three kinds of residual blocks. */
const residualBranches: Readonly<Record<'block35' | 'block17' | 'block8', Branches>> = {
  block35: [
    [[32, 1]],
    [
      [32, 1],
      [32, 3],
    ],
    [
      [32, 1],
      [48, 3],
      [64, 3],
    ],
  ],
  block17: [
    [[192, 1]],
    [
      [128, 1],
      [160, [1, 7]],
      [192, [7, 1]],
    ],
  ],
  block8: [
    [[192, 1]],
    [
      [192, 1],
      [224, [1, 3]],
      [256, [3, 1]],
    ],
  ],
};

type Residual = {
  readonly kind: keyof typeof residualBranches;
  readonly index: number;
  /** Factor of the residual before it is added. */
  readonly scale: number;
  readonly activated?: boolean;
};

function residualBlock(
  net: NetworkBuilder,
  x: string,
  { kind, index, scale, activated = true }: Residual,
): string {
  const name = `${kind}_${index}`;
  const branches = residualBranches[kind].map((steps) => chain(net, x, ...steps));
  const mixed = net.layer('concatenate', branches, {}, `${name}_mixed`);
  const wide = { filters: net.channels(x), kernel_size: 1, padding: 'same' };
  const up = net.layer('conv2d', mixed, wide, `${name}_conv`);
  const scaled = net.layer('rescaling', up, { scale }, `${name}_scale`);
  const sum = net.layer('add', [x, scaled], {}, net.automaticName('custom_scale_layer'));
  return activated ? net.layer('activation', sum, { activation: 'relu' }, `${name}_ac`) : sum;
}

/** The stem and the first mixed block, 35×35. */
function stem(net: NetworkBuilder): string {
  let x = convolve(net, net.input, [32, 3], { strides: 2, padding: 'valid' });
  x = convolve(net, x, [32, 3], { padding: 'valid' });
  x = maxPool(net, convolve(net, x, [64, 3]));
  x = convolve(net, x, [80, 1], { padding: 'valid' });
  x = maxPool(net, convolve(net, x, [192, 3], { padding: 'valid' }));
  const branches = [
    chain(net, x, [96, 1]),
    chain(net, x, [48, 1], [64, 5]),
    chain(net, x, [64, 1], [96, 3], [96, 3]),
    chain(
      net,
      net.layer('average_pooling2d', x, { pool_size: 3, strides: 1, padding: 'same' }),
      [64, 1],
    ),
  ];
  return net.layer('concatenate', branches, {}, 'mixed_5b');
}

function build(net: NetworkBuilder, options: BackboneOptions): string {
  let x = stem(net);
  for (let index = 1; index <= 10; index += 1) {
    x = residualBlock(net, x, { kind: 'block35', index, scale: 0.17 });
  }
  const mixed6 = [
    shrink(net, x, [], [384, 3]),
    shrink(
      net,
      x,
      [
        [256, 1],
        [256, 3],
      ],
      [384, 3],
    ),
    maxPool(net, x),
  ];
  x = net.layer('concatenate', mixed6, {}, 'mixed_6a');
  for (let index = 1; index <= 20; index += 1) {
    x = residualBlock(net, x, { kind: 'block17', index, scale: 0.1 });
  }
  const mixed7 = [
    shrink(net, x, [[256, 1]], [384, 3]),
    shrink(net, x, [[256, 1]], [288, 3]),
    shrink(
      net,
      x,
      [
        [256, 1],
        [288, 3],
      ],
      [320, 3],
    ),
    maxPool(net, x),
  ];
  x = net.layer('concatenate', mixed7, {}, 'mixed_7a');
  for (let index = 1; index <= 9; index += 1) {
    x = residualBlock(net, x, { kind: 'block8', index, scale: 0.2 });
  }
  x = residualBlock(net, x, { kind: 'block8', index: 10, scale: 1, activated: false });
  x = convolve(net, x, [1536, 1], { name: 'conv_7b' });
  return finish(net, x, options, { top: 'avg_pool' });
}

export const inception_resnet_v2 = defineBackbone('inception_resnet_v2', {
  className: 'InceptionResNetV2',
  description: 'Inception-ResNet V2, Inception blocks with residuals (Szegedy et al., 2016).',
  defaultSize: 299,
  minimumSize: 75,
  preprocessing: 'tf',
  build,
});
