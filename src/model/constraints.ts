/** Projections of weights after each update, as Keras's constraints. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import type { Infer, ObjectSchema } from '../schema/json-schema.ts';
import { withDefaults } from './defaults.ts';

const axis = {
  type: 'integer',
  default: 0,
  description: 'Axis along which the norm is taken; 0 is the inputs of a dense kernel.',
} as const;

type Constraint<S extends ObjectSchema> = {
  readonly schema: S;
  apply(tf: Engine, config: Infer<S>, weight: Tensor): Tensor;
};
type AnyConstraint = {
  readonly schema: ObjectSchema;
  apply(tf: Engine, config: Readonly<Record<string, unknown>>, weight: Tensor): Tensor;
};
const defineConstraint = <const S extends ObjectSchema>(constraint: Constraint<S>) => constraint;

/** keras.config.epsilon(), which keeps a norm of zero apart from a division by it. */
const epsilon = 1e-7;

const norm = (tf: Engine, weight: Tensor, along: number): Tensor =>
  tf.sqrt(tf.sum(tf.square(weight), along, true));

export const constraints = {
  max_norm: defineConstraint({
    schema: {
      type: 'object',
      description: 'Scales weights down whose norm is above the limit.',
      properties: {
        type: { type: 'string', const: 'max_norm', description: 'Upper limit of the norm.' },
        max_value: { type: 'number', exclusiveMinimum: 0, default: 2, description: 'The limit.' },
        axis,
      },
      required: ['type'],
      additionalProperties: false,
    },
    apply: (tf, config, weight) => {
      const norms = norm(tf, weight, config.axis);
      const desired = tf.clipByValue(norms, 0, config.max_value);
      return tf.mul(weight, tf.div(desired, tf.add(norms, epsilon)));
    },
  }),
  min_max_norm: defineConstraint({
    schema: {
      type: 'object',
      description: 'Keeps the norm of the weights between two limits.',
      properties: {
        type: { type: 'string', const: 'min_max_norm', description: 'Norm between two limits.' },
        min_value: { type: 'number', minimum: 0, default: 0, description: 'Lowest norm.' },
        max_value: {
          type: 'number',
          exclusiveMinimum: 0,
          default: 1,
          description: 'Highest norm.',
        },
        rate: {
          type: 'number',
          minimum: 0,
          maximum: 1,
          default: 1,
          description: 'Share of the way to the limit that one step goes.',
        },
        axis,
      },
      required: ['type'],
      additionalProperties: false,
    },
    apply: (tf, config, weight) => {
      const norms = norm(tf, weight, config.axis);
      const clipped = tf.clipByValue(norms, config.min_value, config.max_value);
      const desired = tf.add(tf.mul(clipped, config.rate), tf.mul(norms, 1 - config.rate));
      return tf.mul(weight, tf.div(desired, tf.add(norms, epsilon)));
    },
  }),
  unit_norm: defineConstraint({
    schema: {
      type: 'object',
      description: 'Scales the weights to norm 1.',
      properties: {
        type: { type: 'string', const: 'unit_norm', description: 'Norm 1.' },
        axis,
      },
      required: ['type'],
      additionalProperties: false,
    },
    apply: (tf, config, weight) => tf.div(weight, tf.add(norm(tf, weight, config.axis), epsilon)),
  }),
  non_neg: defineConstraint({
    schema: {
      type: 'object',
      description: 'Sets negative weights to 0.',
      properties: { type: { type: 'string', const: 'non_neg', description: 'No negatives.' } },
      required: ['type'],
      additionalProperties: false,
    },
    apply: (tf, _config, weight) => tf.relu(weight),
  }),
} as const;

type ConstraintName = keyof typeof constraints;
export type ConstraintConfig =
  | ConstraintName
  | { readonly type: ConstraintName; readonly [option: string]: unknown };

/** The schema of a constraint option; null is none. */
export const constraint = (what: string) =>
  ({
    description: `Limit that the ${what} is brought back to after each step, or none (null).`,
    default: null,
    anyOf: [
      { type: 'null' },
      { type: 'string', enum: ['max_norm', 'min_max_norm', 'unit_norm', 'non_neg'] },
      {
        type: 'object',
        required: ['type'],
        discriminator: { propertyName: 'type' },
        oneOf: [
          constraints.max_norm.schema,
          constraints.min_max_norm.schema,
          constraints.unit_norm.schema,
          constraints.non_neg.schema,
        ],
      },
    ],
  }) as const;

/** The weight as the constraint leaves it, same shape. */
export function constrain(tf: Engine, config: ConstraintConfig, weight: Tensor): Tensor {
  const options = typeof config === 'string' ? { type: config } : config;
  // The registry's members differ in their options; the name picks the one that fits them.
  const { schema, apply } = constraints[options.type] as unknown as AnyConstraint;
  return tf.tidy(() => apply(tf, withDefaults(schema, options), weight));
}
