/** What `plan`, the report and `result.json` show of a model. Pure. */
import type { ModelGraph, Shape } from './graph.ts';
import { inferGraph } from './infer-shapes.ts';

export type LayerSummary = {
  readonly name: string;
  readonly type: string;
  /** Without the batch axis. */
  readonly output_shape: Shape;
  readonly parameters: number;
  /** Names of layers, or `input`. */
  readonly inputs: readonly string[];
  readonly trainable: boolean;
};

export type ModelSummary = {
  readonly layers: readonly LayerSummary[];
  readonly parameters: {
    readonly total: number;
    readonly trainable: number;
    /** Frozen weights and moving statistics. */
    readonly non_trainable: number;
  };
};

/** Layers in order with their output shapes, and numbers of parameters. */
export function summarizeModel(graph: ModelGraph): ModelSummary {
  const inferred = inferGraph(graph);
  let trained = 0;
  let total = 0;
  const layers = graph.nodes.map(({ name, type, inputs, trainable }) => {
    const { shape = [], weights = [] } = inferred.get(name) ?? {};
    const sizes = weights.map((weight) => ({
      size: weight.shape.reduce((product, length) => product * length, 1),
      isTrained: trainable && weight.trainable,
    }));
    const parameters = sizes.reduce((sum, { size }) => sum + size, 0);
    total += parameters;
    trained += sizes.reduce((sum, { size, isTrained }) => sum + (isTrained ? size : 0), 0);
    return { name, type, output_shape: shape, parameters, inputs, trainable };
  });
  return { layers, parameters: { total, trainable: trained, non_trainable: total - trained } };
}
