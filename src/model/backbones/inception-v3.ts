/** Inception V3 (Szegedy et al., 2015). Layers and names as keras.applications.inception_v3. */
import { type BackboneOptions, defineBackbone, finish } from './define.ts';
import type { NetworkBuilder } from './network-builder.ts';

type Window = number | readonly [number, number];
/** Filters and window of a convolution. */
type Step = readonly [filters: number, kernel: Window];

/** Convolution, normalisation without gamma, activation. */
function convolve(
  net: NetworkBuilder,
  input: string,
  [filters, kernel_size]: Step,
  options: { readonly strides?: number; readonly padding?: 'valid' } = {},
): string {
  const convolution = { filters, kernel_size, padding: 'same', use_bias: false, ...options };
  const x = net.layer('batch_normalization', net.layer('conv2d', input, convolution), {
    scale: false,
  });
  return net.layer('activation', x, { activation: 'relu' });
}

/** Convolutions one after the other. */
const chain = (net: NetworkBuilder, input: string, ...steps: readonly Step[]): string =>
  steps.reduce((x, step) => convolve(net, x, step), input);

/** A chain whose last convolution halves the picture. */
function shrink(net: NetworkBuilder, input: string, steps: readonly Step[], last: Step): string {
  return convolve(net, chain(net, input, ...steps), last, { strides: 2, padding: 'valid' });
}

const maxPool = (net: NetworkBuilder, x: string): string =>
  net.layer('max_pooling2d', x, { pool_size: 3, strides: 2 });

function pooled(net: NetworkBuilder, x: string, filters: number): string {
  const options = { pool_size: 3, strides: 1, padding: 'same' };
  return chain(net, net.layer('average_pooling2d', x, options), [filters, 1]);
}

const join = (net: NetworkBuilder, branches: readonly string[], name?: string): string =>
  net.layer('concatenate', branches, {}, name);

function stem(net: NetworkBuilder): string {
  let x = convolve(net, net.input, [32, 3], { strides: 2, padding: 'valid' });
  x = convolve(net, x, [32, 3], { padding: 'valid' });
  x = maxPool(net, convolve(net, x, [64, 3]));
  x = convolve(net, x, [80, 1], { padding: 'valid' });
  return maxPool(net, convolve(net, x, [192, 3], { padding: 'valid' }));
}

/** 35×35: windows of 1, 5, twice 3, and pooling with `filters`. */
function blockA(net: NetworkBuilder, x: string, filters: number, name: string): string {
  return join(
    net,
    [
      chain(net, x, [64, 1]),
      chain(net, x, [48, 1], [64, 5]),
      chain(net, x, [64, 1], [96, 3], [96, 3]),
      pooled(net, x, filters),
    ],
    name,
  );
}

/** 17×17: windows of 7 taken apart into rows and columns. */
function blockB(net: NetworkBuilder, x: string, filters: number, name: string): string {
  const [row, column]: readonly (readonly [number, number])[] = [
    [1, 7],
    [7, 1],
  ];
  if (!row || !column) throw new Error('two windows');
  return join(
    net,
    [
      chain(net, x, [192, 1]),
      chain(net, x, [filters, 1], [filters, row], [192, column]),
      chain(net, x, [filters, 1], [filters, column], [filters, row], [filters, column], [192, row]),
      pooled(net, x, 192),
    ],
    name,
  );
}

/** 8×8: rows and columns side by side. `index`: 0 or 1. */
function blockC(net: NetworkBuilder, x: string, index: number): string {
  const sideBySide = (input: string, name?: string): string =>
    join(net, [chain(net, input, [384, [1, 3]]), chain(net, input, [384, [3, 1]])], name);
  return join(
    net,
    [
      chain(net, x, [320, 1]),
      sideBySide(chain(net, x, [384, 1]), `mixed9_${index}`),
      sideBySide(chain(net, x, [448, 1], [384, 3])),
      pooled(net, x, 192),
    ],
    `mixed${9 + index}`,
  );
}

function build(net: NetworkBuilder, options: BackboneOptions): string {
  let x = stem(net);
  for (const [index, filters] of [32, 64, 64].entries())
    x = blockA(net, x, filters, `mixed${index}`);
  x = join(
    net,
    [
      shrink(net, x, [], [384, 3]),
      shrink(
        net,
        x,
        [
          [64, 1],
          [96, 3],
        ],
        [96, 3],
      ),
      maxPool(net, x),
    ],
    'mixed3',
  );
  for (const [index, filters] of [128, 160, 160, 192].entries()) {
    x = blockB(net, x, filters, `mixed${4 + index}`);
  }
  x = join(
    net,
    [
      shrink(net, x, [[192, 1]], [320, 3]),
      shrink(
        net,
        x,
        [
          [192, 1],
          [192, [1, 7]],
          [192, [7, 1]],
        ],
        [192, 3],
      ),
      maxPool(net, x),
    ],
    'mixed8',
  );
  x = blockC(net, blockC(net, x, 0), 1);
  return finish(net, x, options, { top: 'avg_pool' });
}

export const inception_v3 = defineBackbone('inception_v3', {
  className: 'InceptionV3',
  description: 'Inception V3, windows of several sizes side by side (Szegedy et al., 2015).',
  defaultSize: 299,
  minimumSize: 75,
  preprocessing: 'tf',
  build,
});
