/** Rough costs of a run from the shapes alone, to tell minutes from days. */
import type { ModelSummary } from '../model/summarize-model.ts';

/**
 * Multiplications and additions per second of one core that training reaches in practice, measured
 * on the thesis's CNN: 22.7 GFLOP a step in 0.14 s on two cores.
 */
const flopsPerCore = 80e9;

/** Forward, gradient of the inputs, gradient of the weights. */
const passes = 3;

/**
 * Floating-point operations of one sample's forward pass: every weight is used once at every
 * position of its layer's output. Exact for convolutions and dense layers, close for the rest.
 */
export const forwardOperations = ({ layers }: Pick<ModelSummary, 'layers'>): number =>
  layers.reduce((sum, { parameters, output_shape }) => {
    const positions = output_shape.slice(0, -1).reduce<number>((all, n) => all * (n ?? 1), 1);
    return sum + 2 * parameters * positions;
  }, 0);

/** Seconds for `samples` trained once each in every epoch, on `cores` cores. */
export const trainingSeconds = (
  summary: Pick<ModelSummary, 'layers'>,
  samples: number,
  epochs: number,
  cores: number,
): number => (forwardOperations(summary) * passes * samples * epochs) / (flopsPerCore * cores);

/** Seconds for `samples` through a part of a model once, without training it. */
export const passSeconds = (
  summary: Pick<ModelSummary, 'layers'>,
  samples: number,
  cores: number,
): number => (forwardOperations(summary) * samples) / (flopsPerCore * cores);

/**
 * Bytes of one fold process beyond TensorFlow's libraries: weights, gradients, optimizer slots and
 * two kept copies, and a batch's outputs of all layers with their gradients, in float32.
 */
export function foldMemory({ layers, parameters }: ModelSummary, batchSize: number): number {
  const copies = 6;
  const activations = layers.reduce(
    (sum, { output_shape }) => sum + output_shape.reduce<number>((all, n) => all * (n ?? 1), 1),
    0,
  );
  return 4 * (copies * parameters.total + 2 * batchSize * activations);
}
