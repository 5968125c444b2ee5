/**
 * What a layer is: options (schema), what it does to shapes, which weights it has, and how the
 * engine builds it. Shapes and weights are computed without TensorFlow, so `validate` and `plan`
 * know them; a test holds them against the built layer.
 */
import type { layers as tfLayers } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../../engine/engine.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import type { Shape } from '../graph.ts';

export type BuiltLayer = ReturnType<typeof tfLayers.dense>;

/** A weight in Keras's order and layout. Moving statistics are not trainable. */
export type WeightShape = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
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

export type LayerDefinition<S extends ObjectSchema = ObjectSchema> = {
  readonly schema: S;
  /** How many inputs it takes; default one. */
  readonly inputs?: 'one' | 'many';
  /** Output shape without the batch axis. Throws ShapeError. */
  shape(config: Infer<S>, inputs: readonly Shape[]): Shape;
  /** Trainable ones first, then the others, as Keras lists them; default none. */
  weights?(config: Infer<S>, inputs: readonly Shape[]): readonly WeightShape[];
  build(config: Infer<S>, context: BuildContext): BuiltLayer;
};

export const defineLayer = <const S extends ObjectSchema>(definition: LayerDefinition<S>) =>
  definition;
