/** The architecture: diagram, layers, parameters. */
import type { ExperimentResult, LayerRecord } from '../../result/experiment-result.ts';
import { formatCount } from '../format.ts';
import { layerDiagram } from '../layer-diagram.ts';

export function model({
  model: { parameters, layers, input_shape, cached_features },
}: ExperimentResult) {
  const shape = (sizes: LayerRecord['output_shape']) =>
    sizes.map((size) => (size === null ? '?' : String(size))).join(' × ');
  return {
    total: formatCount(parameters.total),
    trainable: formatCount(parameters.trainable),
    nonTrainable: formatCount(parameters.non_trainable),
    input: shape(input_shape),
    layers: layers.map((layer) => ({
      ...layer,
      shape: shape(layer.output_shape),
      parameters: formatCount(layer.parameters),
      from: layer.inputs.join(', '),
    })),
    cachedFeatures: cached_features,
    diagram: layerDiagram(input_shape, layers),
    frozen: layers.some(({ trainable, parameters: weights }) => !trainable && weights > 0),
  };
}
