/** Penalties on weights that are added to the loss, as Keras's regularizers. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import type { Schema } from '../schema/json-schema.ts';
import { withDefaults } from './defaults.ts';

const factor = <const Value extends number>(description: string, value: Value) =>
  ({ type: 'number', minimum: 0, default: value, description }) as const;
const l1 = 'Factor of the sum of absolute weights.';
const l2 = 'Factor of the sum of squared weights.';

const entry = <const Type extends string, const Factors extends Record<string, Schema>>(
  type: Type,
  description: string,
  factors: Factors,
) => ({
  schema: {
    type: 'object' as const,
    description,
    properties: { type: { type: 'string' as const, const: type, description }, ...factors },
    required: ['type'] as const,
    additionalProperties: false as const,
  },
});

export const regularizers = {
  l1: entry('l1', 'Adds l1 · Σ|w| to the loss.', { l1: factor(l1, 0.01) }),
  l2: entry('l2', 'Adds l2 · Σw² to the loss.', { l2: factor(l2, 0.01) }),
  l1_l2: entry('l1_l2', 'Adds l1 · Σ|w| + l2 · Σw² to the loss.', {
    l1: factor(l1, 0),
    l2: factor(l2, 0),
  }),
} as const;

export type RegularizerConfig =
  | 'l1'
  | 'l2'
  | { readonly type: 'l1' | 'l2' | 'l1_l2'; readonly l1?: number; readonly l2?: number };

/** The schema of a regularizer option; null is none. */
export const regularizer = (what: string) =>
  ({
    description: `Penalty on the ${what}, added to the loss: l1, l2, l1_l2 or none (null).`,
    default: null,
    anyOf: [
      { type: 'null' },
      { type: 'string', enum: ['l1', 'l2'] },
      {
        type: 'object',
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: [regularizers.l1.schema, regularizers.l2.schema, regularizers.l1_l2.schema],
      },
    ],
  }) as const;

/** The penalty of one weight, a scalar. */
export function regularization(tf: Engine, config: RegularizerConfig, weight: Tensor): Scalar {
  const given = typeof config === 'string' ? { type: config } : config;
  const { l1 = 0, l2 = 0 } = withDefaults(regularizers[given.type].schema, given) as Factors;
  return tf.tidy(() => {
    const absolute = l1 === 0 ? tf.scalar(0) : tf.mul(tf.sum(tf.abs(weight)), l1);
    const squared = l2 === 0 ? tf.scalar(0) : tf.mul(tf.sum(tf.square(weight)), l2);
    return tf.add<Scalar>(absolute, squared);
  });
}

/** What the schemas above describe. */
type Factors = { readonly l1?: number; readonly l2?: number };
