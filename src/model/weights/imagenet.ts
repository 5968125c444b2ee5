/**
 * Where Keras keeps its ImageNet weights: file names, addresses and hashes of keras.applications
 * 3.15, md5 (32 digits) or sha256 (64). Keras has none for the MobileNets.
 */
import type { BackboneConfig, BackboneType } from '../backbones/index.ts';

export type ImagenetFile = {
  /** Name in the cache. */
  readonly name: string;
  readonly address: string;
  /** Hexadecimal; undefined where Keras has none. */
  readonly hash: string | undefined;
};

/** Hashes of the file with the classifier and of the one without. */
type Hashes = readonly [top: string | undefined, noTop: string | undefined];
type Entry = {
  /** Folder at Google's storage. */
  readonly folder: string;
  readonly files: readonly [top: string, noTop: string];
  readonly hashes: Hashes;
  /** Where Keras stores them under other names. */
  readonly cachedAs?: readonly [top: string, noTop: string];
};

const storage = 'https://storage.googleapis.com/';

const kernels = (name: string, folder: string, ...hashes: Hashes): Entry => ({
  folder: `tensorflow/keras-applications/${folder}`,
  files: [
    `${name}_weights_tf_dim_ordering_tf_kernels.h5`,
    `${name}_weights_tf_dim_ordering_tf_kernels_notop.h5`,
  ],
  hashes,
});

const plain = (name: string, folder: string, ...hashes: Hashes): Entry => ({
  folder,
  files: [`${name}.h5`, `${name}_notop.h5`],
  hashes,
});

const efficientnet = (letter: string, ...hashes: Hashes): Entry =>
  plain(`efficientnet${letter}`, 'keras-applications', ...hashes);

const convnext = (name: string, ...hashes: Hashes): Entry =>
  plain(`convnext_${name}`, 'tensorflow/keras-applications/convnext', ...hashes);

/** MobileNets have files for square pictures of these sizes; others take the one for 224. */
const mobilenetSizes = { mobilenet: [128, 160, 192, 224], mobilenet_v2: [96, 128, 160, 192, 224] };

const mobilenet = (size: number): Entry => ({
  folder: 'tensorflow/keras-applications/mobilenet',
  files: [`mobilenet_1_0_${size}_tf.h5`, `mobilenet_1_0_${size}_tf_no_top.h5`],
  hashes: [undefined, undefined],
});

const mobilenetV2 = (size: number): Entry => {
  const name = `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_${size}`;
  return {
    folder: 'tensorflow/keras-applications/mobilenet_v2',
    files: [`${name}.h5`, `${name}_no_top.h5`],
    hashes: [undefined, undefined],
  };
};

const entries: Readonly<Record<Exclude<BackboneType, keyof typeof mobilenetSizes>, Entry>> = {
  xception: kernels(
    'xception',
    'xception',
    '0a58e3b7378bc2990ea3b43d5981f1f6',
    'b0042744bf5b25fce3cb969f33bebb97',
  ),
  vgg16: kernels(
    'vgg16',
    'vgg16',
    '64373286793e3c8b2b4e3219cbf3544b',
    '6d6bbae143d832006294945121d1f1fc',
  ),
  vgg19: kernels(
    'vgg19',
    'vgg19',
    'cbe5617147190e668d6c5d5026f83318',
    '253f8cb515780f3b799900260a226db6',
  ),
  resnet50: kernels(
    'resnet50',
    'resnet',
    '2cb95161c43110f7111970584f804107',
    '4d473c1dd8becc155b73f8504c6f6626',
  ),
  resnet101: kernels(
    'resnet101',
    'resnet',
    'f1aeb4b969a6efcfb50fad2f0c20cfc5',
    '88cf7a10940856eca736dc7b7e228a21',
  ),
  resnet152: kernels(
    'resnet152',
    'resnet',
    '100835be76be38e30d865e96f2aaae62',
    'ee4c566cf9a93f14d82f913c2dc6dd0c',
  ),
  resnet50_v2: kernels(
    'resnet50v2',
    'resnet',
    '3ef43a0b657b3be2300d5770ece849e0',
    'fac2f116257151a9d068a22e544a4917',
  ),
  resnet101_v2: kernels(
    'resnet101v2',
    'resnet',
    '6343647c601c52e1368623803854d971',
    'c0ed64b8031c3730f411d2eb4eea35b5',
  ),
  resnet152_v2: kernels(
    'resnet152v2',
    'resnet',
    'a49b44d1979771252814e80f8ec446f9',
    'ed17cf2e0169df9d443503ef94b23b33',
  ),
  inception_v3: kernels(
    'inception_v3',
    'inception_v3',
    '9a0d58056eeedaa3f26cb7ebd46da564',
    'bcbd6486424b2319ff4ef7d526e38f63',
  ),
  inception_resnet_v2: kernels(
    'inception_resnet_v2',
    'inception_resnet_v2',
    'e693bd0210a403b3192acc6073ad2e96',
    'd19885ff4a710c122648d3b5c3b684e4',
  ),
  densenet121: kernels(
    'densenet121',
    'densenet',
    '9d60b8095a5708f2dcce2bca79d332c7',
    '30ee3e1110167f948a6b9946edeeb738',
  ),
  densenet169: kernels(
    'densenet169',
    'densenet',
    'd699b8f76981ab1b30698df4c175e90b',
    'b8c4d4c20dd625c148057b9ff1c1176b',
  ),
  densenet201: kernels(
    'densenet201',
    'densenet',
    '1ceb130c1ea1b78c3bf6114dbdfd8807',
    'c13680b51ded0fb44dff2d8f86ac8bb1',
  ),
  efficientnet_b0: efficientnet(
    'b0',
    '902e53a9f72be733fc0bcb005b3ebbac',
    '50bc09e76180e00e4465e1a485ddc09d',
  ),
  efficientnet_b1: efficientnet(
    'b1',
    '1d254153d4ab51201f1646940f018540',
    '74c4e6b3e1f6a1eea24c589628592432',
  ),
  efficientnet_b2: efficientnet(
    'b2',
    'b15cce36ff4dcbd00b6dd88e7857a6ad',
    '111f8e2ac8aa800a7a99e3239f7bfb39',
  ),
  efficientnet_b3: efficientnet(
    'b3',
    'ffd1fdc53d0ce67064dc6a9c7960ede0',
    'af6d107764bb5b1abb91932881670226',
  ),
  efficientnet_b4: efficientnet(
    'b4',
    '18c95ad55216b8f92d7e70b3a046e2fc',
    'ebc24e6d6c33eaebbd558eafbeedf1ba',
  ),
  efficientnet_b5: efficientnet(
    'b5',
    'ace28f2a6363774853a83a0b21b9421a',
    '38879255a25d3c92d5e44e04ae6cec6f',
  ),
  efficientnet_b6: efficientnet(
    'b6',
    '165f6e37dce68623721b423839de8be5',
    '9ecce42647a20130c1f39a5d4cb75743',
  ),
  efficientnet_b7: efficientnet(
    'b7',
    '8c03f828fec3ef71311cd463b6759d99',
    'cbcfe4450ddf6f3ad90b1b398090fe4a',
  ),
  nasnet_mobile: {
    folder: 'tensorflow/keras-applications/nasnet',
    files: ['NASNet-mobile.h5', 'NASNet-mobile-no-top.h5'],
    hashes: ['020fb642bf7360b370c678b08e0adf61', '1ed92395b5b598bdda52abe5c0dbfd63'],
    cachedAs: ['nasnet_mobile.h5', 'nasnet_mobile_no_top.h5'],
  },
  convnext_tiny: convnext(
    'tiny',
    '8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff',
    'd547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1',
  ),
  convnext_small: convnext(
    'small',
    'ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c',
    '6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab',
  ),
  convnext_base: convnext(
    'base',
    '52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6',
    '40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45',
  ),
};

/** The file of a backbone for pictures of this height and width. */
export function imagenetFile(
  { type, include_top: includeTop }: Pick<BackboneConfig, 'type' | 'include_top'>,
  [height, width]: readonly [number, number],
): ImagenetFile {
  const entry = entryOf(type, height === width ? height : 0);
  const index = includeTop ? 0 : 1;
  return {
    name: (entry.cachedAs ?? entry.files)[index],
    address: `${storage}${entry.folder}/${entry.files[index]}`,
    hash: entry.hashes[index],
  };
}

function entryOf(type: BackboneType, side: number): Entry {
  if (type !== 'mobilenet' && type !== 'mobilenet_v2') return entries[type];
  const size = mobilenetSizes[type].includes(side) ? side : 224;
  return type === 'mobilenet' ? mobilenet(size) : mobilenetV2(size);
}
