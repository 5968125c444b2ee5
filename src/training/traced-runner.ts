/** Runs the steps of a model as recorded TensorFlow graphs, where they can be recorded. */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { type TracedFunction, TraceError, traceFunction } from '../engine/trace.ts';
import { ExperimentError } from '../errors.ts';
import type { EvaluationStep } from './evaluation-step.ts';
import { expectGraphs, matrixPrecision, type Precision } from './precision.ts';
import {
  type ExecutionMode,
  type MakeStepRunner,
  runEagerly,
  type StepRunner,
} from './step-runner.ts';

export type TracedRunnerOptions = {
  readonly mode: ExecutionMode;
  /** Default float32; anything else needs graphs. */
  readonly precision?: Precision | undefined;
  readonly model: LayersModel;
  /** Told once why steps run op by op after all. */
  onFallback(reason: string): void;
};

/**
 * The runner of a mode. A step is recorded at its first batch, and once more for each other batch
 * size; the evaluation shares graph and variables with the training step.
 *
 * @throws {ExperimentError} CONFIG_INVALID with a mixed precision in mode `eager`; from `run` and
 * `evaluate`, with mode `graph` or a mixed precision and a step that cannot be recorded
 */
export function stepRunner(tf: Engine, options: TracedRunnerOptions): MakeStepRunner {
  const { mode, precision: policy = 'float32' } = options;
  expectGraphs(policy, mode);
  if (mode === 'eager') return runEagerly;
  const precision = matrixPrecision(policy);
  return (step, evaluation) => {
    const { layers } = options.model;
    let traced: TracedFunction | undefined;
    let tracedEvaluation: TracedFunction | undefined;
    let eager: StepRunner | undefined;
    let evaluatesEagerly = false;
    let ahead = false; // whether the graph's variables have moved on from tfjs's
    const dispose = () => {
      traced?.dispose();
      tracedEvaluation?.dispose();
      traced = tracedEvaluation = undefined;
    };
    const pull = () => {
      if (ahead) traced?.pull();
      ahead = false;
    };
    const allEagerly = (error: unknown): StepRunner => {
      noteFallback(options, 'training', error);
      // What earlier batches of another size have learned lives in the graph.
      pull();
      dispose();
      return runEagerly(step, evaluation);
    };
    return {
      run(inputs) {
        if (eager) return eager.run(inputs);
        try {
          const own = { layers, precision };
          traced ??= traceFunction(tf, (tensors) => step(...tensors), inputs, own);
          ahead = true;
          return traced.run(inputs);
        } catch (error) {
          eager = allEagerly(error);
          return eager.run(inputs);
        }
      },
      evaluate(inputs) {
        if (!traced && precision) throw new Error('nothing was trained in this precision');
        if (!traced || evaluatesEagerly) {
          pull();
          return evaluation(...inputs);
        }
        try {
          const sharing = { layers, precision, with: traced };
          tracedEvaluation ??= traceFunction(tf, (all) => evaluation(...all), inputs, sharing);
          return tracedEvaluation.run(inputs);
        } catch (error) {
          noteFallback(options, 'evaluation', error);
          evaluatesEagerly = true;
          pull();
          return evaluation(...inputs);
        }
      },
      pull,
      push: () => traced?.push(),
      dispose,
    };
  };
}

export type EvaluationRunner = { run(inputs: Tensor[]): Tensor[]; dispose(): void };

/**
 * Evaluation by itself, of a model that is no longer trained. `worthwhile`: whether there are
 * enough batches for a recording to pay off (mode `auto`).
 *
 * @throws {ExperimentError} CONFIG_INVALID as `stepRunner`
 */
export function evaluationRunner(
  tf: Engine,
  options: TracedRunnerOptions & { readonly worthwhile: boolean },
  evaluation: EvaluationStep,
): EvaluationRunner {
  const { mode, model, worthwhile, precision: policy = 'float32' } = options;
  expectGraphs(policy, mode);
  const precision = matrixPrecision(policy);
  let eager = mode === 'eager' || (mode === 'auto' && !worthwhile && !precision);
  let traced: TracedFunction | undefined;
  return {
    run(inputs) {
      if (eager) return evaluation(...inputs);
      try {
        const own = { layers: model.layers, precision };
        traced ??= traceFunction(tf, (tensors) => evaluation(...tensors), inputs, own);
        return traced.run(inputs);
      } catch (error) {
        noteFallback(options, 'evaluation', error);
        eager = true;
        return evaluation(...inputs);
      }
    },
    dispose: () => traced?.dispose(),
  };
}

function noteFallback(options: TracedRunnerOptions, what: string, error: unknown): void {
  const { mode, precision = 'float32', onFallback } = options;
  if (!(error instanceof TraceError)) throw error;
  if (precision !== 'float32') {
    throw new ExperimentError(
      'CONFIG_INVALID',
      `training.precision is ${precision}, but the ${what} step cannot be recorded: ${error.message}`,
      'Use precision float32 and mode auto, which runs such a model op by op.',
    );
  }
  if (mode === 'graph') {
    throw new ExperimentError(
      'CONFIG_INVALID',
      `execution.mode is graph, but the ${what} step cannot be recorded: ${error.message}`,
      'Use mode auto, which runs such a model op by op.',
    );
  }
  onFallback(`The ${what} step runs op by op: ${error.message}.`);
}
