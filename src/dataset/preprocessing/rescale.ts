import { definePixelStep } from './define.ts';

/** `keras.layers.Rescaling`: inputs · scale + offset. */
export const rescale = definePixelStep({
  schema: {
    type: 'object',
    description:
      'Multiplies pixels by scale and adds offset, as Keras Rescaling; 0…255 → 0…1 by default.',
    properties: {
      type: { type: 'string', const: 'rescale', description: 'Multiply and add.' },
      scale: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 1 / 255,
        description: 'Factor; default 1/255.',
      },
      offset: { type: 'number', default: 0, description: 'Added after scaling.' },
    },
    required: ['type'],
    additionalProperties: false,
  },
  needsStatistics: () => false,
  affine: ({ scale, offset }) => ({ factor: scale, offset }),
});
