/** What runs the steps of a model: op by op as here, or recorded graphs (traced-runner.ts). */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { EvaluationStep } from './evaluation-step.ts';
import type { TrainStep } from './train-step.ts';

/** `auto` records graphs and falls back to op by op; `graph` refuses to fall back. */
export type ExecutionMode = 'auto' | 'eager' | 'graph';

/** The caller disposes of inputs and outputs. */
export type StepRunner = {
  /** Runs one training step. */
  run(inputs: Tensor[]): Tensor[];
  /** Runs one evaluation step with what training has made of the variables so far. */
  evaluate(inputs: Tensor[]): Tensor[];
  /** After this the variables (weights, optimizer, random stream) are those of the last step. */
  pull(): void;
  /** After this the next step starts from what the variables hold. */
  push(): void;
  dispose(): void;
};

export type MakeStepRunner = (step: TrainStep, evaluation: EvaluationStep) => StepRunner;

/** Op by op: variables are always up to date. */
export const runEagerly: MakeStepRunner = (step, evaluation) => ({
  run: (inputs) => step(...inputs),
  evaluate: (inputs) => evaluation(...inputs),
  pull: () => {},
  push: () => {},
  dispose: () => {},
});
