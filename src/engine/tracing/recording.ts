/**
 * The graph of one call of a function, while it is being recorded: which native tensor is which
 * edge, and in what order variables are read and written.
 *
 * Native ids are never used twice, so id → edge is exact, however tfjs clones, reshapes and
 * disposes.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { type Binding, nodeBackend, type OpType } from '../op.ts';
import { attributeValue, type ConstantValues, dataType, type GraphNode } from './graph-def.ts';
import type { Encoded } from './protobuf.ts';
import { TraceError } from './trace-error.ts';

/** A variable of tfjs inside the recording. */
type VariableState = {
  readonly variable: Variable;
  /** Edge of the resource handle, once the variable is used. */
  handle: string | undefined;
  /** Native id that stands for what the graph's variable holds at this point of the recording. */
  id: number;
  /**
   * Nodes that the next write of the variable must come after: those that read it, and those that
   * use what was read. While one of these still holds the value, TensorFlow would copy all of it
   * before it writes.
   */
  readers: string[];
  /** Node that the next read must come after. */
  writer: string | undefined;
};

export type Recording = {
  readonly tf: Engine;
  /** The addon itself, past the stand-in that records. */
  readonly binding: Binding;
  readonly prefix: string;
  readonly nodes: GraphNode[];
  readonly edges: Map<number, string>;
  readonly states: Map<Variable, VariableState>;
  readonly stateOfId: Map<number, VariableState>;
  /** Edges that hold a variable's own memory. */
  readonly stateOfEdge: Map<string, VariableState>;
  /** Nodes that change variables: a run of the graph must wait for all of them. */
  readonly writes: string[];
  /** Edge of a variable's handle in the graph that will hold the recording. */
  readonly handleOf: (variable: Variable) => string;
  /** Captured tensors that become constants, by native id. */
  readonly constants: ReadonlyMap<number, Tensor>;
  /** The layer that is being called. */
  layer: string | undefined;
};

type Start = Pick<Recording, 'tf' | 'prefix' | 'handleOf' | 'constants'>;

/** `variables`: all that the function may read or write. Their native ids become their own. */
export function startRecording(start: Start, variables: readonly Variable[]): Recording {
  const { binding } = nodeBackend(start.tf);
  const recording: Recording = {
    ...{ ...start, binding, nodes: [], edges: new Map(), writes: [], layer: undefined },
    ...{ states: new Map(), stateOfId: new Map(), stateOfEdge: new Map() },
  };
  for (const variable of variables) {
    const state: VariableState = {
      variable,
      handle: undefined,
      id: -1,
      readers: [],
      writer: undefined,
    };
    recording.states.set(variable, state);
    standFor(recording, state, freshId(recording, variable));
  }
  return recording;
}

export const typeNumber = (type: string): number => {
  if (type in dataType) return dataType[type as OpType]; // checked in this line
  throw new TraceError(`it handles tensors of type ${type}`);
};

export const nativeId = (tf: Engine, tensor: Tensor): number => {
  const [id] = nodeBackend(tf).getInputTensorIds([tensor]);
  if (id === undefined) throw new Error('a tensor has a native id');
  return id;
};

/** Adds a node and returns its name. */
export function addNode(
  recording: Recording,
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Encoded>>,
): string {
  const { nodes, prefix, layer } = recording;
  // Names may not start with an underscore, as internal ops do.
  const name = `${prefix}/${op.replace(/^_+/, '')}_${nodes.length}`;
  nodes.push({ name, op, inputs, attributes, layer });
  for (const input of inputs) {
    const state = recording.stateOfEdge.get(input);
    state?.readers.push(name);
    if (state && viewOps.has(op)) recording.stateOfEdge.set(`${name}:0`, state);
  }
  return name;
}

/** Ops whose output is their input's memory. */
const viewOps: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'ExpandDims']);

export function addConstant(
  recording: Recording,
  type: number,
  shape: readonly number[],
  values: ConstantValues,
): string {
  const attributes = {
    dtype: attributeValue.type(type),
    value: attributeValue.tensor(type, shape, values),
  };
  return `${addNode(recording, 'Const', [], attributes)}:0`;
}

/** The edge that a native tensor is in the graph. */
export function edgeOf(recording: Recording, id: number): string {
  const known = recording.edges.get(id);
  if (known !== undefined) return known;
  const state = recording.stateOfId.get(id);
  const edge = state ? read(recording, state) : captured(recording, id);
  recording.edges.set(id, edge);
  return edge;
}

/** Writes into the graph what plain assigns have done to the variables since the last call. */
export function flushAssigns(recording: Recording, variables: Iterable<Variable>): void {
  for (const variable of variables) {
    const state = recording.states.get(variable);
    if (!state) throw new TraceError(`it creates a variable (${variable.name})`, recording.layer);
    if (variable.isDisposed) throw new TraceError(`it disposes the variable ${variable.name}`);
    const id = nativeId(recording.tf, variable);
    if (id === state.id) continue;
    const type = { dtype: attributeValue.type(typeNumber(variable.dtype)) };
    write(recording, 'AssignVariableOp', [state], [edgeOf(recording, id)], type);
    standFor(recording, state, id);
  }
}

/** Records a Resource* op in place of running it. */
export function recordUpdate(
  recording: Recording,
  op: string,
  attributes: Readonly<Record<string, Encoded>>,
  variables: readonly Variable[],
  inputs: readonly Tensor[],
): void {
  const { tf, states } = recording;
  flushAssigns(recording, variables);
  for (const variable of variables) {
    // A clone wants the value from before, so it has to be read before.
    const isShared = nodeBackend(tf).refCount(variable.dataId) > 1;
    if (isShared) edgeOf(recording, nativeId(tf, variable));
  }
  const updated = variables.flatMap((variable) => states.get(variable) ?? []);
  const values = inputs.map((input) => edgeOf(recording, nativeId(tf, input)));
  write(recording, op, updated, values, attributes);
  for (const state of updated) standFor(recording, state, freshId(recording, state.variable));
}

function write(
  recording: Recording,
  op: string,
  states: readonly VariableState[],
  values: readonly string[],
  attributes: Readonly<Record<string, Encoded>>,
): void {
  const handles = states.map((state) => handleOf(recording, state));
  const before = states.flatMap(({ readers, writer }) => [...readers, ...(writer ? [writer] : [])]);
  const node = addNode(
    recording,
    op,
    [...handles, ...values, ...before.map((name) => `^${name}`)],
    attributes,
  );
  recording.writes.push(node);
  for (const state of states) {
    state.readers = [];
    state.writer = node;
  }
}

function read(recording: Recording, state: VariableState): string {
  const handle = handleOf(recording, state);
  const node = addNode(
    recording,
    'ReadVariableOp',
    [handle, ...(state.writer ? [`^${state.writer}`] : [])],
    { dtype: attributeValue.type(typeNumber(state.variable.dtype)) },
  );
  state.readers.push(node);
  recording.stateOfEdge.set(`${node}:0`, state);
  return `${node}:0`;
}

function handleOf(recording: Recording, state: VariableState): string {
  state.handle ??= recording.handleOf(state.variable);
  return state.handle;
}

function captured(recording: Recording, id: number): string {
  const tensor = recording.constants.get(id);
  if (!tensor) {
    throw new TraceError(
      'it uses a tensor that is neither an input, nor a variable, nor made in the call',
      recording.layer,
    );
  }
  // Numbers and booleans: typeNumber refuses the rest.
  const values = recording.binding.tensorDataSync(id) as ConstantValues;
  return addConstant(recording, typeNumber(tensor.dtype), tensor.shape, values);
}

/** From here on, `id` is what the graph's variable holds. */
function standFor({ stateOfId }: Recording, state: VariableState, id: number): void {
  stateOfId.delete(state.id);
  state.id = id;
  stateOfId.set(id, state);
}

/** Gives the variable a native tensor that nothing else has, with the same value. */
function freshId({ tf, binding }: Recording, variable: Variable): number {
  const [copy] = binding.executeOp('Identity', [], [nativeId(tf, variable)], 1);
  if (!copy) throw new Error('Identity has one output');
  const tensor = nodeBackend(tf).createOutputTensor(copy);
  variable.assign(tensor);
  tensor.dispose();
  return copy.id;
}
