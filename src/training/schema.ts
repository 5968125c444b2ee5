/** The `training` section of an experiment. */

import { augmentationSchema } from '../model/augmentation/index.ts';
import type { Infer } from '../schema/json-schema.ts';
import { callbackSchema } from './callbacks/index.ts';
import { lossSchema } from './losses/index.ts';
import { optimizerSchema } from './optimizers/index.ts';
import { precisionSchema } from './precision.ts';
import { scheduleSchema } from './schedules/index.ts';

const epochs = { type: 'integer', minimum: 1 } as const;

const phase = {
  type: 'object',
  description: 'A stretch of epochs with its own trainable layers and learning rate.',
  properties: {
    epochs: { ...epochs, description: 'Epochs of this phase.', examples: [5] },
    unfreeze: {
      description: 'Layers that become trainable: all, or those from a named one to the end.',
      examples: ['all', { from: 'conv5_block1_out' }],
      anyOf: [
        { type: 'string', const: 'all' },
        {
          type: 'object',
          properties: {
            from: {
              type: 'string',
              description: 'Name of the first layer to train.',
              examples: ['conv5_block1_out'],
            },
          },
          required: ['from'],
          additionalProperties: false,
        },
      ],
    },
    learning_rate: {
      description: "Learning rate of this phase; default: the optimizer's.",
      examples: [0.00001],
      anyOf: [{ type: 'number', exclusiveMinimum: 0 }, scheduleSchema],
    },
    optimizer: { ...optimizerSchema, description: 'Optimizer of this phase; default: the same.' },
  },
  required: ['epochs'],
  additionalProperties: false,
} as const;

/** `mixup` and `cutmix`: alpha of the Beta distribution that the share is drawn from. */
const mixing = <const D extends number>(alpha: D, description: string) =>
  ({
    type: 'object',
    description,
    properties: {
      alpha: {
        type: 'number',
        exclusiveMinimum: 0,
        default: alpha,
        description: 'Both parameters of the Beta distribution of the share.',
      },
    },
    additionalProperties: false,
  }) as const;

export const trainingSchema = {
  type: 'object',
  description: 'How the model learns.',
  default: {},
  properties: {
    epochs: { ...epochs, default: 20, description: 'Passes over the train part.' },
    batch_size: { type: 'integer', minimum: 1, default: 32, description: 'Samples per step.' },
    optimizer: { ...optimizerSchema, default: { type: 'adam' } },
    loss: lossSchema,
    class_weight: {
      description:
        'Weight of each class in the loss: balanced (samples / (classes × samples of the class), ' +
        'as in scikit-learn), or given by class name or index; a class left out counts 1.',
      default: 'none',
      examples: ['balanced', { disgust: 5, happy: 0.5 }],
      anyOf: [
        { type: 'string', enum: ['none', 'balanced'] },
        {
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: 'number', minimum: 0 },
        },
      ],
    },
    sampling: {
      type: 'string',
      enum: ['none', 'oversample', 'undersample'],
      default: 'none',
      description:
        'Make classes equally large in the train part: by drawing copies, or by leaving samples out.',
    },
    augmentation: augmentationSchema,
    callbacks: {
      type: 'array',
      items: callbackSchema,
      default: [],
      description: 'What happens between epochs, in this order.',
    },
    phases: {
      type: 'array',
      minItems: 1,
      items: phase,
      description:
        'Training in stretches, such as the head first and the backbone later; replaces epochs. ' +
        'Each is one fit of Keras: early_stopping and reduce_lr_on_plateau start anew, and so does ' +
        'the state of the optimizer where the phase names an optimizer or unfreezes layers. A ' +
        'schedule counts its steps from where that state began.',
      examples: [[{ epochs: 5 }, { epochs: 10, unfreeze: 'all', learning_rate: 0.00001 }]],
    },
    mixup: mixing(0.2, 'Mixes pairs of images and their labels (Zhang 2018).'),
    cutmix: mixing(1, 'Puts a rectangle of one image into another, and its label (Yun 2019).'),
    precision: precisionSchema,
  },
  additionalProperties: false,
} as const;

export type TrainingConfig = Infer<typeof trainingSchema>;
