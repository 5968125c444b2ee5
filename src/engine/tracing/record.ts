/**
 * Calls a function once, eagerly, and records it as a graph: between tfjs's backend and the addon
 * stands a stand-in that sees every op with its native tensors. Nothing of the call remains:
 * variables get their values back, tensors are freed.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { type Binding, nodeBackend, type OpAttribute, type TensorMetadata } from '../op.ts';
import { recordUpdates } from '../variable-update.ts';
import { attributeValue, type ConstantValues, dataType, type GraphNode } from './graph-def.ts';
import type { Encoded } from './protobuf.ts';
import {
  addConstant,
  addNode,
  edgeOf,
  flushAssigns,
  nativeId,
  type Recording,
  recordUpdate,
  startRecording,
  typeNumber,
} from './recording.ts';
import { TraceError } from './trace-error.ts';

export type TracedCall = (inputs: Tensor[]) => Tensor[];

/** A layer of tfjs, as far as naming it in an error needs it. */
export type NamedLayer = { readonly name: string; call(...args: never[]): unknown };

export type RecordOptions = {
  /** Names of the nodes start with it. */
  readonly prefix: string;
  /** Edge of a variable's handle in the graph that will hold the recording. */
  readonly handleOf: (variable: Variable) => string;
  /** Tensors from outside that never change. */
  readonly constants: readonly Tensor[];
  /** Layers that errors may name. */
  readonly layers: readonly NamedLayer[];
};

export type RecordedGraph = {
  readonly nodes: readonly GraphNode[];
  /** Names of the placeholders, one an input. */
  readonly feeds: readonly string[];
  /** Edges to fetch: one an output, and at the end one that waits for all writes. */
  readonly fetches: readonly string[];
};

/** @throws {TraceError} with the reason why a graph would not do what the function does. */
export function record(
  tf: Engine,
  call: TracedCall,
  inputs: readonly Tensor[],
  options: RecordOptions,
): RecordedGraph {
  const variables = registeredVariables(tf);
  const values = variables.map((variable) => tf.keep(variable.clone()));
  try {
    return freeing(tf, () => {
      const constants = new Map(options.constants.map((tensor) => [nativeId(tf, tensor), tensor]));
      for (const input of inputs) nativeId(tf, input); // values wait in JavaScript until first used
      const recording = startRecording({ tf, ...options, constants }, variables);
      return withStandIn(recording, () => recordCall(recording, call, inputs, options));
    });
  } finally {
    variables.forEach((variable, i) => {
      restore(variable, values[i]);
    });
    disposeOthers(tf, variables);
  }
}

/** A tidy around something that returns no tensors. */
function freeing<T>(tf: Engine, run: () => T): T {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}

function restore(variable: Variable, value: Tensor | undefined): void {
  if (!value) return;
  if (!variable.isDisposed) variable.assign(value);
  value.dispose();
}

/** A failed trace may have made variables. */
function disposeOthers(tf: Engine, variables: readonly Variable[]): void {
  for (const variable of registeredVariables(tf)) {
    if (!variables.includes(variable)) variable.dispose();
  }
}

const registeredVariables = (tf: Engine): Variable[] =>
  Object.values(tf.engine().registeredVariables);

function recordCall(
  recording: Recording,
  call: TracedCall,
  inputs: readonly Tensor[],
  { layers }: RecordOptions,
): RecordedGraph {
  const { tf } = recording;
  const feeds: string[] = [];
  const placeholders = inputs.map((input) => {
    const { tensor, name } = placeholder(recording, input);
    feeds.push(name);
    return tensor;
  });
  const record = (
    op: string,
    attributes: OpAttribute[],
    variables: readonly Variable[],
    values: readonly Tensor[],
  ) => recordUpdate(recording, op, encodeAttributes(recording, attributes), variables, values);
  const outputs = recordUpdates(record, () =>
    namingLayers(recording, layers, () => call(placeholders)),
  );
  const edges = outputs.map((output) => edgeOf(recording, nativeId(tf, output)));
  flushAssigns(recording, registeredVariables(tf));
  return { nodes: recording.nodes, feeds, fetches: fetches(recording, outputs, edges) };
}

/** A copy of the input with a native tensor of its own, and its placeholder. */
function placeholder(recording: Recording, input: Tensor): { tensor: Tensor; name: string } {
  const { tf, binding, edges } = recording;
  const type = typeNumber(input.dtype);
  const name = addNode(recording, 'Placeholder', [], {
    dtype: attributeValue.type(type),
    shape: attributeValue.shape(input.shape),
  });
  const [copy] = binding.executeOp('Identity', [], [nativeId(tf, input)], 1);
  if (!copy) throw new Error('Identity has one output');
  edges.set(copy.id, `${name}:0`);
  return { tensor: nodeBackend(tf).createOutputTensor(copy), name };
}

function fetches(recording: Recording, outputs: readonly Tensor[], edges: string[]): string[] {
  const written = recording.writes.map((name) => `^${name}`);
  const fetched = outputs.map(({ dtype }, i) => {
    const edge = edges[i] ?? '';
    const T = attributeValue.type(typeNumber(dtype));
    return `${addNode(recording, 'Identity', [edge], { T })}:0`;
  });
  const done = addConstant(recording, dataType.bool, [], Uint8Array.of(1));
  const T = attributeValue.type(dataType.bool);
  return [...fetched, `${addNode(recording, 'Identity', [done, ...written], { T })}:0`];
}

function withStandIn<T>(recording: Recording, run: () => T): T {
  const backend = nodeBackend(recording.tf);
  backend.binding = standIn(recording);
  try {
    return run();
  } finally {
    backend.binding = recording.binding;
  }
}

/** The addon with its three ways to make or read a tensor replaced by recording ones. */
function standIn(recording: Recording): Binding {
  const { binding, edges } = recording;
  const createTensor = (shape: number[], dtype: number, values: unknown): number => {
    const id = binding.createTensor(shape, dtype, values);
    edges.set(id, addConstant(recording, dtype, shape, constantValues(values)));
    return id;
  };
  const executeOp = (
    op: string,
    attributes: OpAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[] => {
    const sources = inputs.map((id) => edgeOf(recording, id));
    const results = binding.executeOp(op, attributes, inputs, outputs);
    const node = addNode(recording, op, sources, encodeAttributes(recording, attributes));
    results.forEach(({ id }, i) => {
      edges.set(id, `${node}:${i}`);
    });
    return results;
  };
  const tensorDataSync = (): never => {
    throw new TraceError('it reads a tensor back into JavaScript', recording.layer);
  };
  return { ...boundMethods(binding), createTensor, executeOp, tensorDataSync };
}

function boundMethods(binding: Binding): Binding {
  const bound = Object.getOwnPropertyNames(binding).map((name) => {
    const value: unknown = Reflect.get(binding, name);
    return [name, typeof value === 'function' ? value.bind(binding) : value];
  });
  return Object.fromEntries(bound);
}

function constantValues(values: unknown): ConstantValues {
  // Typed arrays of tfjs; strings come as an array.
  if (ArrayBuffer.isView(values)) return values as ConstantValues;
  throw new TraceError('it makes a tensor of strings');
}

function encodeAttributes(
  { binding }: Recording,
  attributes: readonly OpAttribute[],
): Record<string, Encoded> {
  const encoders = new Map<number, (value: never) => Encoded>([
    [binding.TF_ATTR_STRING, attributeValue.string],
    [binding.TF_ATTR_INT, attributeValue.int],
    [binding.TF_ATTR_FLOAT, attributeValue.float],
    [binding.TF_ATTR_BOOL, attributeValue.bool],
    [binding.TF_ATTR_TYPE, attributeValue.type],
    [binding.TF_ATTR_SHAPE, attributeValue.shape],
  ]);
  const encode = ({ name, type, value }: OpAttribute): [string, Encoded] => {
    const encoder = encoders.get(type);
    if (!encoder) throw new TraceError(`an op has an attribute of unknown type (${name})`);
    return [name, encoder(value as never)]; // the addon takes the same pairs of type and value
  };
  return Object.fromEntries(attributes.map(encode));
}

/** Lets each layer say its name while it is called; the layers are as before afterwards. */
function namingLayers<T>(recording: Recording, layers: readonly NamedLayer[], run: () => T): T {
  const restores = layers.map((layer) => nameDuringCalls(recording, layer));
  try {
    return run();
  } finally {
    for (const restoreCall of restores) restoreCall();
  }
}

function nameDuringCalls(recording: Recording, layer: NamedLayer): () => void {
  const original = layer.call;
  const own = Object.getOwnPropertyDescriptor(layer, 'call');
  layer.call = (...args: never[]): unknown => {
    const outer = recording.layer;
    recording.layer = layer.name;
    const result = original.apply(layer, args);
    recording.layer = outer; // not where it throws: the error wants the innermost name
    return result;
  };
  return () => {
    if (own) Object.defineProperty(layer, 'call', own);
    else Reflect.deleteProperty(layer, 'call');
  };
}
