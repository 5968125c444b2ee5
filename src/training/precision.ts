/** What a model computes in: Keras's dtype policies of the same names. */
import type { MixedPrecision } from '../engine/trace.ts';
import { ExperimentError } from '../errors.ts';
import type { ExecutionMode } from './step-runner.ts';

export const precisionSchema = {
  type: 'string',
  enum: ['float32', 'mixed_bfloat16', 'mixed_float16'],
  default: 'float32',
  description:
    "Keras's policy of that name. Mixed: convolutions, dense and other matrix layers compute in 16 " +
    'bits, in training as in prediction; weights, normalisation, softmax, loss and updates stay ' +
    'float32; mixed_float16 scales the loss as LossScaleOptimizer does. Meant for GPUs with Tensor ' +
    'Cores: on a CPU it is slower than float32, float16 many times. Not with execution.mode eager.',
} as const;

export type Precision = (typeof precisionSchema)['enum'][number];

/** What the matrix ops of a recorded graph compute in; undefined for float32. */
export const matrixPrecision = (precision: Precision): MixedPrecision | undefined =>
  ({
    float32: undefined,
    mixed_bfloat16: 'bfloat16' as const,
    mixed_float16: 'float16' as const,
  })[precision];

/** What to know on a machine with so many GPUs; undefined where there is nothing to say. */
export const precisionNote = (precision: Precision, gpus: number): string | undefined =>
  precision === 'float32' || gpus > 0
    ? undefined
    : `training.precision ${precision} pays off on GPUs only: on a CPU it is slower than float32` +
      `${precision === 'mixed_float16' ? ', many times' : ''}, and the numbers are less exact.`;

/** @throws {ExperimentError} CONFIG_INVALID when steps run op by op, where there are no 16 bits. */
export function expectGraphs(precision: Precision, mode: ExecutionMode): void {
  if (precision === 'float32' || mode !== 'eager') return;
  throw new ExperimentError(
    'CONFIG_INVALID',
    `training.precision ${precision} needs recorded graphs, but execution.mode is eager.`,
    'Use mode auto or graph, or precision float32.',
  );
}
