/** What runs the training step: op by op as here, or a recorded graph of it (traced-runner.ts). */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { TrainStep } from './train-step.ts';

/** `auto` records a graph and falls back to op by op; `graph` refuses to fall back. */
export type ExecutionMode = 'auto' | 'eager' | 'graph';

export type StepRunner = {
  /** Runs one step; the caller disposes of inputs and outputs. */
  run(inputs: Tensor[]): Tensor[];
  /** After this the variables (weights, optimizer, random stream) are those of the last step. */
  pull(): void;
  /** After this the next step starts from what the variables hold. */
  push(): void;
  dispose(): void;
};

export type MakeStepRunner = (step: TrainStep) => StepRunner;

/** Op by op: variables are always up to date. */
export const runEagerly: MakeStepRunner = (step) => ({
  run: (inputs) => step(...inputs),
  pull: () => {},
  push: () => {},
  dispose: () => {},
});
