/** What a backbone is: its options, its input, its preprocessing, and the network itself. */

import { sizeSchema } from '../../dataset/picture.ts';
import type { BackbonePreprocessing } from '../../dataset/pixel-transform.ts';
import type { NetworkBuilder } from './network-builder.ts';

export type BackboneOptions = {
  /** The classifier of the 1,000 ImageNet classes. */
  readonly includeTop: boolean;
  /** What is done to the last feature maps where there is no classifier. */
  readonly pooling: 'none' | 'avg' | 'max';
  /** Weights come from a file, as opposed to random ones: EfficientNet's graph differs. */
  readonly pretrained: boolean;
};

type Network = {
  /** Keras's class, such as `ResNet50`. */
  readonly className: string;
  /** One sentence: what it is, with the paper. */
  readonly description: string;
  /** Side of the pictures that it was trained on. */
  readonly defaultSize: number;
  /** Shortest side that Keras takes without the classifier. */
  readonly minimumSize: number;
  readonly preprocessing: BackbonePreprocessing;
  /** Adds all layers; gives the name of the last one. */
  build(net: NetworkBuilder, options: BackboneOptions): string;
};

const options = {
  weights: {
    description:
      'Where its weights come from: `imagenet` (Keras’s file, downloaded once), `none` (random), or the path of a file (.h5, .weights.h5, .keras) or of a saved model.',
    default: 'imagenet',
    anyOf: [
      { type: 'string', enum: ['imagenet', 'none'] },
      { type: 'string', format: 'path' },
    ],
  },
  trainable: {
    description:
      'Whether training changes its weights. Frozen batch normalisation uses its moving statistics.',
    default: false,
    anyOf: [
      { type: 'boolean' },
      {
        type: 'object',
        description: 'The last layers only.',
        properties: {
          from: {
            type: 'string',
            description: 'Name of the first layer that learns; `plan` lists the names.',
            examples: ['conv5_block1_1_conv'],
          },
        },
        required: ['from'],
        additionalProperties: false,
      },
    ],
  },
  pooling: {
    type: 'string',
    enum: ['none', 'avg', 'max'],
    default: 'none',
    description: 'Global pooling of its last feature maps.',
  },
  include_top: {
    type: 'boolean',
    default: false,
    description: 'Keep its classifier of the 1,000 ImageNet classes.',
  },
  input_size: {
    ...sizeSchema,
    description: 'Size that pictures are brought to before it; default: the size they have.',
    examples: [96, [224, 224]],
  },
} as const;

/** A registry entry: the options are the same for all, the network is its own. */
export const defineBackbone = <const Type extends string>(type: Type, network: Network) => ({
  ...network,
  schema: {
    type: 'object',
    description: network.description,
    properties: {
      type: { type: 'string', const: type, description: network.description },
      ...options,
    },
    required: ['type'],
    additionalProperties: false,
  } as const,
});

/** Names of the last layers, where a family does not leave them to Keras. */
type EndNames = { readonly top?: string; readonly avg?: string; readonly max?: string };

/** The end that nearly all families share: the classifier, or the pooling that was asked for. */
export function finish(
  net: NetworkBuilder,
  x: string,
  { includeTop, pooling }: BackboneOptions,
  names: EndNames = {},
): string {
  if (includeTop) {
    const pooled = net.layer('global_average_pooling2d', x, {}, names.top);
    return net.layer('dense', pooled, { units: 1000, activation: 'softmax' }, 'predictions');
  }
  return pool(net, x, pooling, names);
}

export function pool(
  net: NetworkBuilder,
  x: string,
  pooling: BackboneOptions['pooling'],
  names: EndNames = {},
): string {
  if (pooling === 'none') return x;
  return pooling === 'avg'
    ? net.layer('global_average_pooling2d', x, {}, names.avg)
    : net.layer('global_max_pooling2d', x, {}, names.max);
}
