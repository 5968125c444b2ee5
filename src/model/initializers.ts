/**
 * What weights start from, by Keras's names. Draws are counter-based (stateless ops on the CPU and
 * the GPU alike), so the same seed gives the same bits whatever was built before. Longer than most:
 * a table of small entries.
 */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { attribute, executeOne } from '../engine/op.ts';
import type { Infer, ObjectSchema } from '../schema/json-schema.ts';
import { oneOfType } from '../schema/json-schema.ts';
import { withDefaults } from './defaults.ts';

type Shape = readonly number[];
/** Layer's seed and the weight's place in the layer. */
type Seed = readonly [number, number];
type Draw = (
  op: 'StatelessRandomUniform' | 'StatelessRandomNormal' | 'StatelessTruncatedNormal',
  shape?: Shape,
) => Tensor;

type Initializer<S extends ObjectSchema> = {
  readonly schema: S;
  values(tf: Engine, config: Infer<S>, shape: Shape, draw: Draw): Tensor;
};
type AnyInitializer = {
  readonly schema: ObjectSchema;
  values(tf: Engine, config: Readonly<Record<string, unknown>>, shape: Shape, draw: Draw): Tensor;
};
const defineInitializer = <const S extends ObjectSchema>(initializer: Initializer<S>) =>
  initializer;

const number = (description: string, value: number) =>
  ({ type: 'number', default: value, description }) as const;

const plain = <const Type extends string>(
  type: Type,
  description: string,
  values: (tf: Engine, shape: Shape, draw: Draw) => Tensor,
) =>
  defineInitializer({
    schema: {
      type: 'object',
      description,
      properties: { type: { type: 'string', const: type, description } },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, _config, shape, draw) => values(tf, shape, draw),
  });

/** Standard deviation of a standard normal that is cut off at ±2 (Keras: initializers). */
const truncatedDeviation = 0.87962566103423978;

type Scaling = {
  readonly scale: number;
  readonly mode: 'fan_in' | 'fan_out' | 'fan_avg';
  readonly distribution: 'truncated_normal' | 'untruncated_normal' | 'uniform';
};

function scaled(tf: Engine, { scale, mode, distribution }: Scaling, shape: Shape, draw: Draw) {
  const [fanIn, fanOut] = fans(shape);
  const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[mode];
  const variance = scale / Math.max(1, fan);
  if (distribution === 'uniform') {
    const limit = Math.sqrt(3 * variance);
    return tf.sub(tf.mul(draw('StatelessRandomUniform'), 2 * limit), limit);
  }
  return distribution === 'truncated_normal'
    ? tf.mul(draw('StatelessTruncatedNormal'), Math.sqrt(variance) / truncatedDeviation)
    : tf.mul(draw('StatelessRandomNormal'), Math.sqrt(variance));
}

/** Inputs and outputs of one unit (Keras: compute_fans). */
function fans(shape: Shape): [number, number] {
  const [inputs = 1, outputs = inputs] = shape.slice(-2);
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return [inputs * field, outputs * field];
}

const variance = <const Type extends string>(
  type: Type,
  scale: number,
  mode: Scaling['mode'],
  distribution: Scaling['distribution'],
) =>
  plain(
    type,
    `${distribution === 'uniform' ? 'Uniform' : 'Truncated normal'} with variance ${scale} / ${mode}.`,
    (tf, shape, draw) => scaled(tf, { scale, mode, distribution }, shape, draw),
  );

export const initializers = {
  zeros: plain('zeros', 'All 0.', (tf, shape) => tf.zeros([...shape])),
  ones: plain('ones', 'All 1.', (tf, shape) => tf.ones([...shape])),
  glorot_uniform: variance('glorot_uniform', 1, 'fan_avg', 'uniform'),
  glorot_normal: variance('glorot_normal', 1, 'fan_avg', 'truncated_normal'),
  he_uniform: variance('he_uniform', 2, 'fan_in', 'uniform'),
  he_normal: variance('he_normal', 2, 'fan_in', 'truncated_normal'),
  lecun_uniform: variance('lecun_uniform', 1, 'fan_in', 'uniform'),
  lecun_normal: variance('lecun_normal', 1, 'fan_in', 'truncated_normal'),
  constant: defineInitializer({
    schema: {
      type: 'object',
      description: 'All the same value.',
      properties: {
        type: { type: 'string', const: 'constant', description: 'One value.' },
        value: number('The value.', 0),
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, { value }, shape) => tf.fill([...shape], value),
  }),
  random_uniform: defineInitializer({
    schema: {
      type: 'object',
      description: 'Uniform between two values.',
      properties: {
        type: { type: 'string', const: 'random_uniform', description: 'Uniform.' },
        minval: number('Lowest value.', -0.05),
        maxval: number('Highest value.', 0.05),
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, { minval, maxval }, _shape, draw) =>
      tf.add(tf.mul(draw('StatelessRandomUniform'), maxval - minval), minval),
  }),
  random_normal: defineInitializer({
    schema: {
      type: 'object',
      description: 'Normally distributed.',
      properties: {
        type: { type: 'string', const: 'random_normal', description: 'Normal.' },
        mean: number('Mean.', 0),
        stddev: number('Standard deviation.', 0.05),
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, { mean, stddev }, _shape, draw) =>
      tf.add(tf.mul(draw('StatelessRandomNormal'), stddev), mean),
  }),
  truncated_normal: defineInitializer({
    schema: {
      type: 'object',
      description: 'Normally distributed, drawn again beyond two standard deviations.',
      properties: {
        type: { type: 'string', const: 'truncated_normal', description: 'Truncated normal.' },
        mean: number('Mean.', 0),
        stddev: number('Standard deviation.', 0.05),
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, { mean, stddev }, _shape, draw) =>
      tf.add(tf.mul(draw('StatelessTruncatedNormal'), stddev), mean),
  }),
  variance_scaling: defineInitializer({
    schema: {
      type: 'object',
      description: 'Variance scale / fan, the fan being the inputs or outputs of a unit.',
      properties: {
        type: { type: 'string', const: 'variance_scaling', description: 'Scaled by the fan.' },
        scale: number('Factor of the variance.', 1),
        mode: {
          type: 'string',
          enum: ['fan_in', 'fan_out', 'fan_avg'],
          default: 'fan_in',
          description: 'Inputs, outputs, or their mean.',
        },
        distribution: {
          type: 'string',
          enum: ['truncated_normal', 'untruncated_normal', 'uniform'],
          default: 'truncated_normal',
          description: 'What is drawn from.',
        },
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, config, shape, draw) => scaled(tf, config, shape, draw),
  }),
  orthogonal: defineInitializer({
    schema: {
      type: 'object',
      description: 'A random orthogonal matrix.',
      properties: {
        type: { type: 'string', const: 'orthogonal', description: 'Orthogonal.' },
        gain: number('Factor.', 1),
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, { gain }, shape, draw) => {
      const columns = shape.at(-1) ?? 1;
      const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
      const tall = draw('StatelessRandomNormal', [
        Math.max(rows, columns),
        Math.min(rows, columns),
      ]);
      const orthogonal = orthonormalColumns(tf, tall);
      const matrix = rows < columns ? tf.transpose(orthogonal) : orthogonal;
      return tf.mul(tf.reshape(matrix, [...shape]), gain);
    },
  }),
  identity: defineInitializer({
    schema: {
      type: 'object',
      description: 'The identity matrix, for square kernels.',
      properties: {
        type: { type: 'string', const: 'identity', description: 'Identity.' },
        gain: number('Factor.', 1),
      },
      required: ['type'],
      additionalProperties: false,
    },
    values: (tf, { gain }, shape) => tf.mul(tf.eye(shape[0] ?? 1, shape[1] ?? 1), gain),
  }),
} as const;

/** Q of the QR decomposition whose R has a positive diagonal (Keras: OrthogonalInitializer). */
function orthonormalColumns(tf: Engine, matrix: Tensor): Tensor {
  // tf.linalg.qr takes matrices alone by type.
  const [q, r] = tf.linalg.qr(matrix as ReturnType<Engine['eye']>, false);
  const size = r.shape[0] ?? 1;
  const diagonal = tf.sum(tf.mul(r, tf.eye(size)), 1);
  return tf.mul(q, tf.sign(diagonal));
}

export type InitializerName = keyof typeof initializers;
export type InitializerConfig =
  | InitializerName
  | { readonly type: InitializerName; readonly [option: string]: unknown };

// The names as a literal tuple, which Object.keys does not give.
const names = Object.keys(initializers) as InitializerName[];

/** The schema of an initializer option. */
export const initializer = <const Name extends InitializerName>(what: string, name: Name) =>
  ({
    description: `What the ${what} starts from.`,
    default: name,
    anyOf: [{ type: 'string', enum: names }, oneOfType(initializers)],
  }) as const;

/** The first values of a weight. The same seed and shape give the same bits. */
export function initialValue(
  tf: Engine,
  config: InitializerConfig,
  shape: Shape,
  seed: Seed,
): Tensor {
  const options = typeof config === 'string' ? { type: config } : config;
  // The registry's members differ in their options; the name picks the one that fits them.
  const { schema, values } = initializers[options.type] as unknown as AnyInitializer;
  return tf.tidy(() => {
    const draw: Draw = (op, size = shape) =>
      executeOne(
        tf,
        op,
        [
          attribute.type(tf, 'T', 'int32'),
          attribute.type(tf, 'dtype', 'float32'),
          attribute.type(tf, 'Tseed', 'int32'),
        ],
        [tf.tensor1d([...size], 'int32'), tf.tensor1d([...seed], 'int32')],
      );
    return values(tf, withDefaults(schema, options), shape, draw);
  });
}
