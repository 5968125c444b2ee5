/** Runs the training step as a recorded TensorFlow graph, where the step can be recorded. */
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine/engine.ts';
import { type TracedFunction, TraceError, traceFunction } from '../engine/trace.ts';
import { ExperimentError } from '../errors.ts';
import {
  type ExecutionMode,
  type MakeStepRunner,
  runEagerly,
  type StepRunner,
} from './step-runner.ts';

export type TracedRunnerOptions = {
  readonly mode: ExecutionMode;
  readonly model: LayersModel;
  /** Told once why a step runs op by op after all. */
  onFallback(reason: string): void;
};

/**
 * The runner of a mode. The step is recorded at its first batch, and once more for each other
 * batch size.
 *
 * @throws {ExperimentError} CONFIG_INVALID from `run`, with mode `graph` and a step that cannot be
 * recorded
 */
export function stepRunner(
  tf: Engine,
  { mode, model, onFallback }: TracedRunnerOptions,
): MakeStepRunner {
  if (mode === 'eager') return runEagerly;
  return (step) => {
    const call = (inputs: Tensor[]): Tensor[] => step(...inputs);
    let traced: TracedFunction | undefined;
    let eager: StepRunner | undefined;
    const fallBack = (error: unknown): StepRunner => {
      if (!(error instanceof TraceError)) throw error;
      if (mode === 'graph') throw cannotTrace(error);
      // What earlier batches of another size have learned lives in the graph.
      traced?.pull();
      traced?.dispose();
      traced = undefined;
      onFallback(`The training step runs op by op: ${error.message}.`);
      return runEagerly(step);
    };
    return {
      run(inputs) {
        if (eager) return eager.run(inputs);
        try {
          traced ??= traceFunction(tf, call, inputs, { layers: model.layers });
          return traced.run(inputs);
        } catch (error) {
          eager = fallBack(error);
          return eager.run(inputs);
        }
      },
      pull: () => traced?.pull(),
      push: () => traced?.push(),
      dispose: () => traced?.dispose(),
    };
  };
}

const cannotTrace = (error: TraceError) =>
  new ExperimentError(
    'CONFIG_INVALID',
    `execution.mode is graph, but the training step cannot be recorded: ${error.message}`,
    'Use mode auto, which runs such a model op by op.',
  );
