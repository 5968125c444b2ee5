/** What a model says about samples, and its loss on them. */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { batchesOf, filledUp, labelTensor, outputUnits, writeProbabilities } from './batches.ts';
import { type EvaluationStep, makeEvaluationStep } from './evaluation-step.ts';
import type { InputSource } from './input-source.ts';
import { defaultLoss, type LossConfig } from './losses/index.ts';
import type { Precision } from './precision.ts';
import type { ExecutionMode } from './step-runner.ts';
import { evaluationRunner } from './traced-runner.ts';

export type EvaluateOptions = {
  /** Default: the cross-entropy that fits the last layer. */
  readonly loss?: LossConfig | undefined;
  readonly batchSize: number;
  /** Default auto. */
  readonly mode?: ExecutionMode | undefined;
  /** As in training, default float32: Keras's models predict in the policy that they were trained in. */
  readonly precision?: Precision | undefined;
  /** Called after each batch. */
  onProgress?(done: number, batches: number): void;
  /** Told once why the evaluation runs op by op after all. */
  onNote?(message: string): void;
};

export type Evaluation = {
  /** Mean over the samples plus the penalties of the regularisers, unweighted: Keras's `evaluate`. */
  readonly loss: number;
  /** Row-major [samples, classes]; one sigmoid unit is spread to two columns. */
  readonly probabilities: Float64Array;
};

/** Samples to evaluate and their classes, in the same order. */
export type LabelledSamples = { readonly indices: Uint32Array; readonly labels: Int32Array };

/** Fewer batches are over before a graph is recorded and optimised (about half a second). */
const worthwhileBatches = 16;

/** Loss and probabilities of the samples, in their order. */
export function evaluate(
  tf: Engine,
  model: LayersModel,
  input: InputSource,
  samples: LabelledSamples,
  options: EvaluateOptions,
): Evaluation {
  const loss = options.loss ?? defaultLoss(outputUnits(model));
  const runner = evaluationRunner(
    tf,
    {
      ...{ model, mode: options.mode ?? 'auto', precision: options.precision },
      worthwhile: samples.indices.length > worthwhileBatches * options.batchSize,
      onFallback: (reason) => options.onNote?.(reason),
    },
    makeEvaluationStep(tf, model, loss, input),
  );
  try {
    const run = (...inputs: Tensor[]) => runner.run(inputs);
    return evaluateWith(tf, { run, model, input }, samples, options);
  } finally {
    runner.dispose();
  }
}

/** Probabilities of samples whose classes do not matter: row-major [indices, classes]. */
export const predict = (
  tf: Engine,
  model: LayersModel,
  input: InputSource,
  indices: Uint32Array,
  options: Omit<EvaluateOptions, 'loss'>,
): Float64Array =>
  evaluate(tf, model, input, { indices, labels: new Int32Array(indices.length) }, options)
    .probabilities;

/**
 * As `evaluate`, with a step that is at hand. All batches have the same size, the last one filled
 * up with copies: one recording is enough, and a sample gets the same kernels wherever it stands.
 */
export function evaluateWith(
  tf: Engine,
  part: {
    readonly run: EvaluationStep;
    readonly model: LayersModel;
    readonly input: InputSource;
  },
  { indices, labels }: LabelledSamples,
  { batchSize, onProgress }: Pick<EvaluateOptions, 'batchSize' | 'onProgress'>,
): Evaluation {
  const units = outputUnits(part.model);
  const sink = probabilitySink(part.model, indices.length);
  const batches = batchesOf(indices, batchSize);
  let total = 0;
  let penalties = 0;
  batches.forEach((batch, index) => {
    const classes = filledUp(labels.subarray(index * batchSize), batchSize);
    const inputs = [part.input.read(filledUp(batch, batchSize)), labelTensor(tf, classes, units)];
    const results = part.run(...inputs);
    const [outputs, losses, penalty] = results;
    if (!outputs || !losses || !penalty) throw new Error('an evaluation step gives three tensors');
    sink.add(outputs, batch.length);
    for (const value of losses.dataSync().subarray(0, batch.length)) total += value;
    penalties = penalty.dataSync()[0] ?? Number.NaN;
    tf.dispose([inputs, results]);
    onProgress?.(index + 1, batches.length);
  });
  return { loss: total / indices.length + penalties, probabilities: sink.probabilities };
}

/** Collects outputs of batches as probabilities. */
export function probabilitySink(model: LayersModel, samples: number) {
  const units = outputUnits(model);
  const probabilities = new Float64Array(samples * Math.max(2, units));
  let row = 0;
  return {
    probabilities,
    /** The first `rows` of outputs [batch, units]. */
    add(outputs: Tensor, rows: number): void {
      const values = outputs.dataSync().subarray(0, rows * units);
      writeProbabilities(values, units, probabilities, row);
      row += rows;
    },
  };
}
