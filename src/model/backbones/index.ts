/** Every backbone, by its name in the YAML. */
import type { Infer } from '../../schema/json-schema.ts';
import { convnext_base, convnext_small, convnext_tiny } from './convnext.ts';
import { densenet121, densenet169, densenet201 } from './densenet.ts';
import {
  efficientnet_b0,
  efficientnet_b1,
  efficientnet_b2,
  efficientnet_b3,
  efficientnet_b4,
  efficientnet_b5,
  efficientnet_b6,
  efficientnet_b7,
} from './efficientnet.ts';
import { inception_resnet_v2 } from './inception-resnet-v2.ts';
import { inception_v3 } from './inception-v3.ts';
import { mobilenet } from './mobilenet.ts';
import { mobilenet_v2 } from './mobilenet-v2.ts';
import { nasnet_mobile } from './nasnet.ts';
import {
  resnet50,
  resnet50_v2,
  resnet101,
  resnet101_v2,
  resnet152,
  resnet152_v2,
} from './resnet.ts';
import { vgg16, vgg19 } from './vgg.ts';
import { xception } from './xception.ts';

export const backbones = {
  vgg16,
  vgg19,
  resnet50,
  resnet101,
  resnet152,
  resnet50_v2,
  resnet101_v2,
  resnet152_v2,
  xception,
  inception_v3,
  inception_resnet_v2,
  mobilenet,
  mobilenet_v2,
  densenet121,
  densenet169,
  densenet201,
  efficientnet_b0,
  efficientnet_b1,
  efficientnet_b2,
  efficientnet_b3,
  efficientnet_b4,
  efficientnet_b5,
  efficientnet_b6,
  efficientnet_b7,
  nasnet_mobile,
  convnext_tiny,
  convnext_small,
  convnext_base,
} as const;

export type BackboneType = keyof typeof backbones;
export type BackboneConfig = Infer<(typeof backbones)[BackboneType]['schema']>;
