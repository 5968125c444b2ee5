/**
 * What a layer is: options (schema), what it does to shapes, which weights it has, and what it
 * computes. Shapes and weights are known without TensorFlow, so `validate` and `plan` know them;
 * a test holds them against the built layer.
 */
import type { Tensor, layers as tfLayers } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import type { ActivationName } from '../activations.ts';
import type { ConstraintConfig } from '../constraints.ts';
import type { Shape } from '../graph.ts';
import type { InitializerConfig } from '../initializers.ts';
import type { RegularizerConfig } from '../regularizers.ts';
import { createLayer } from './create-layer.ts';

export type BuiltLayer = tfLayers.Layer;

/** A weight in Keras's order and layout. Moving statistics are not trainable. */
export type WeightShape = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  /** What it starts from; default zeros. */
  readonly initializer?: InitializerConfig | undefined;
  readonly regularizer?: RegularizerConfig | null | undefined;
  readonly constraint?: ConstraintConfig | null | undefined;
  /** Changes what the initialiser gave. */
  readonly adjust?: ((tf: Engine, initial: Tensor) => Tensor) | undefined;
};

export type BuildContext = {
  readonly tf: Engine;
  readonly name: string;
  readonly trainable: boolean;
  /** For this layer's initialisers: derived from the fold's seed and the layer's name. */
  readonly seed: number;
};

/** Thrown by `shape` when the inputs do not fit; becomes an error at the layer's line. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** One call of a layer on tensors whose first axis is the batch. */
export type LayerCall = {
  readonly tf: Engine;
  /** The first input, which for most layers is the only one. */
  readonly x: Tensor;
  readonly inputs: readonly Tensor[];
  /** By the names that `weights` gave. */
  weight(name: string): Tensor;
  /** Which steps of a sequence count, bool [batch, steps]; undefined where all do. */
  readonly mask?: Tensor | undefined;
  /** The layer's activation on x; a loss may listen here for what goes into the last one. */
  activate(x: Tensor): Tensor;
  /** True in a training step of a layer that is not frozen. */
  readonly training: boolean;
  /** Sets a weight that is no trainable one, such as a moving mean. */
  update(name: string, value: Tensor): void;
};

/** Options of a layer as plain JSON, where its type is not known. */
export type LayerOptions = Readonly<Record<string, unknown>>;

export type LayerCode<S extends ObjectSchema, Options = Infer<S>> = {
  /** Keras's class, for saved models. */
  readonly className: string;
  readonly schema: S;
  /** What it applies where it has no option `activation`. */
  readonly activation?: ActivationName;
  /** How many inputs it takes; default one. */
  readonly inputs?: 'one' | 'many';
  /** Whether it draws random numbers in training, or a layer inside it may. */
  readonly random?: true;
  /** Output shape without the batch axis. Throws ShapeError. */
  shape(config: Options, inputs: readonly Shape[]): Shape;
  /** Trainable ones first, then the others, as Keras lists them; default none. */
  weights?(config: Options, inputs: readonly Shape[]): readonly WeightShape[];
  /** Which steps of its output count; default all, whatever its input's mask says. */
  mask?(config: Options, call: Pick<LayerCall, 'tf' | 'x' | 'mask'>): Tensor | undefined;
  call(config: Options, call: LayerCall): Tensor;
};

export type LayerDefinition<S extends ObjectSchema, Options = Infer<S>> = LayerCode<S, Options> & {
  build(config: Options, context: BuildContext): BuiltLayer;
};

/** An entry of the registry whose options are not known by type. */
export type AnyLayer = LayerDefinition<ObjectSchema, LayerOptions>;

/** For layers that treat each step by itself: the mask of the input holds for the output. */
export const passMask = (_config: unknown, { mask }: Pick<LayerCall, 'mask'>): Tensor | undefined =>
  mask;

/** A registry entry from a layer's code; building it makes a tf.layers.Layer. */
export const defineLayer = <const S extends ObjectSchema>(
  code: LayerCode<S>,
): LayerDefinition<S> => ({
  ...code,
  build: (config, context) => createLayer(code, config, context),
});
