/**
 * "tf.function" for tfjs-node: a function of tensors and variables, recorded once and run as one
 * TensorFlow graph. On the CPU that saves the dispatch of each op and lets TensorFlow fuse and
 * parallelise; on a GPU dispatch is most of a step.
 *
 * What a traced function may do: tensor ops, reading variables, `variable.assign`, the updates of
 * kernels/optimizer-updates.ts, draws of the random stream. Everything that it keeps from one call
 * to the next has to be a tf.Variable that exists before the trace. What it may not: read tensors
 * back, draw with Math.random, create variables, use tensors from outside (except
 * `options.constants`). JavaScript numbers are frozen as they are at the trace: a learning rate has
 * to be a variable.
 *
 * Sharing: functions traced `with` another one live in the same graph and session and see each
 * other's variables at once, without push or pull, such as step and prediction of one model. Each
 * batch shape is a recording of its own in that graph, made when it is first seen (so the last,
 * smaller batch needs nothing from the caller).
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from './engine.ts';
import { encodeNode, type GraphNode } from './tracing/graph-def.ts';
import { type MixedPrecision, mixedPrecision } from './tracing/mixed-precision.ts';
import {
  addRecording,
  createProgram,
  handleOf,
  type Program,
  pull,
  push,
  releaseProgram,
  runRecording,
} from './tracing/program.ts';
import { type NamedLayer, type RecordedGraph, record, type TracedCall } from './tracing/record.ts';
import { TraceError } from './tracing/trace-error.ts';

export type { MixedPrecision } from './tracing/mixed-precision.ts';
export { TraceError } from './tracing/trace-error.ts';

export type TraceOptions = {
  /** Shares graph, session and variables with this one. */
  readonly with?: TracedFunction | undefined;
  /** Tensors from outside that never change, such as class weights. */
  readonly constants?: readonly Tensor[] | undefined;
  /** Layers (`model.layers`) that an error may name. */
  readonly layers?: readonly NamedLayer[] | undefined;
  /** What matrix ops compute in; default float32. Inputs, outputs and variables stay float32. */
  readonly precision?: MixedPrecision | undefined;
};

export type TracedFunction = {
  /**
   * Runs the graph; a new combination of shapes is traced first. Same inputs as the traced
   * function; the caller owns the outputs.
   *
   * @throws {TraceError} when new shapes cannot be traced
   */
  run(inputs: readonly Tensor[]): Tensor[];
  /** Graph → tf.Variables: all of the program's, or the given ones. For checkpoints and eager use. */
  pull(variables?: readonly Variable[]): void;
  /** tf.Variables → graph: all of the program's, or the given ones. After restoring a checkpoint. */
  push(variables?: readonly Variable[]): void;
  /** `push` of just these, such as the learning rate between two epochs. */
  pushVariables(variables: readonly Variable[]): void;
  /** Frees the graph when the last function that shares it is disposed. Pulls nothing. */
  dispose(): void;
  /** What functions share. */
  readonly program: Program;
};

/**
 * Traces `call` for inputs like `exampleInputs` (values do not matter, shapes and types do). The
 * function is called twice, eagerly, and its effects are undone. Its graph starts with the values
 * that the variables have at the first run, or that its program's session already holds.
 *
 * @throws {TraceError} with the reason when a graph would not do the same as the function
 */
export function traceFunction(
  tf: Engine,
  call: TracedCall,
  exampleInputs: readonly Tensor[],
  options: TraceOptions = {},
): TracedFunction {
  const program = options.with?.program ?? createProgram(tf);
  const recordings = new Map<string, RecordedGraph>();
  const recordingFor = (inputs: readonly Tensor[]): RecordedGraph => {
    const signature = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join();
    const known = recordings.get(signature);
    if (known && program.recordings.includes(known)) return known; // else TensorFlow refused it
    const recording = inPrecision(recordTwice(program, call, inputs, options), options);
    addRecording(program, recording);
    recordings.set(signature, recording);
    return recording;
  };
  recordingFor(exampleInputs);
  program.users += 1;
  let disposed = false;
  return {
    program,
    run: (inputs) => runRecording(program, recordingFor(inputs), inputs),
    pull: (variables = [...program.variables.keys()]) => pull(program, variables),
    push: (variables = [...program.variables.keys()]) => push(program, variables),
    pushVariables: (variables) => push(program, variables),
    dispose() {
      if (!disposed) releaseProgram(program);
      disposed = true;
    },
  };
}

/** Two recordings from the same state differ only in what JavaScript made up in between. */
function recordTwice(
  program: Program,
  call: TracedCall,
  inputs: readonly Tensor[],
  { constants = [], layers = [] }: TraceOptions,
): RecordedGraph {
  const prefix = `call_${program.made}`;
  const handle = (variable: Variable) => handleOf(program, variable);
  const options = { prefix, handleOf: handle, constants, layers };
  const first = record(program.tf, call, inputs, options);
  const second = record(program.tf, call, inputs, options);
  const length = Math.max(first.nodes.length, second.nodes.length);
  for (let i = 0; i < length; i += 1) expectSame(first.nodes[i], second.nodes[i]);
  return first;
}

const inPrecision = (recording: RecordedGraph, { precision }: TraceOptions): RecordedGraph =>
  precision ? { ...recording, nodes: mixedPrecision(recording.nodes, precision) } : recording;

function expectSame(first: GraphNode | undefined, second: GraphNode | undefined): void {
  if (first && second && encodeNode(first).equals(encodeNode(second))) return;
  const node = second ?? first;
  const what =
    first?.op === 'Const' && second?.op === 'Const'
      ? 'it computes numbers in JavaScript that differ from one call to the next'
      : `it does something else from one call to the next (${first?.op} and then ${second?.op})`;
  throw new TraceError(what, node?.layer);
}
