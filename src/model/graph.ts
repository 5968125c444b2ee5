/**
 * The model as plain data, between the YAML (blocks, chains, backbones) and TensorFlow.js.
 * Every builder makes this; shapes, parameters, the summary, the diagram and the layers follow.
 */
import type { ConfigPath, Problem } from '../errors.ts';

/** Per-sample shape, without the batch axis; null is a length that is not fixed. */
export type Shape = readonly (number | null)[];

export type LayerNode = {
  /** Unique in the graph; Keras's own name in a backbone. */
  readonly name: string;
  readonly type: string;
  /** Checked options with defaults filled in; `units: classes` and block arithmetic resolved. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of nodes, or `input`. */
  readonly inputs: readonly string[];
  readonly trainable: boolean;
  /** The models inside the model that it belongs to, outermost first: Keras's files nest them. */
  readonly within?: readonly InnerModel[] | undefined;
  /** Where the user wrote it: the entry itself, and for a block the places of use, outermost last. */
  readonly origin?: { readonly path: ConfigPath; readonly usedAt: readonly ConfigPath[] };
};

/** A model that Keras uses as a layer. */
export type InnerModel = { readonly name: string; readonly className: 'Sequential' | 'Functional' };

export type ModelGraph = {
  /** Shape of one image as the model takes it: [height, width, channels]. */
  readonly input: Shape;
  /** In topological order. */
  readonly nodes: readonly LayerNode[];
  /** Name of the node whose output is the model's. */
  readonly output: string;
  /** Name of the last node of a backbone or an imported model, whose weights come from a file. */
  readonly base?: string | undefined;
};

/** What stands before the layers: a backbone or an imported model. */
export type Base = {
  /** In topological order; the first take `input`. */
  readonly nodes: readonly LayerNode[];
  /** Name of the node that the layers go on from. */
  readonly output: string;
  readonly problems: readonly Problem[];
};
