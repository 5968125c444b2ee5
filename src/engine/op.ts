/** Raw TensorFlow ops through the addon, for what tfjs has no kernel for. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from './engine.ts';

/** An attribute of a TensorFlow op as the addon takes it. */
export type OpAttribute = { name: string; type: number; value: unknown };

/** A native tensor as the addon hands it over. Ids are never used twice. */
export type TensorMetadata = { id: number; shape: number[]; dtype: number };

export type Binding = {
  TF_Version: string;
  TF_FLOAT: number;
  TF_INT32: number;
  TF_BOOL: number;
  TF_UINT8: number;
  TF_ATTR_TYPE: number;
  TF_ATTR_INT: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_STRING: number;
  TF_ATTR_SHAPE: number;
  createTensor(shape: number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  executeOp(
    op: string,
    attributes: OpAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[];
};

export type NodeBackend = {
  binding: Binding;
  isUsingGpuDevice: boolean;
  /** tfjs's tensors and the native ones behind them. */
  tensorMap: { get(dataId: object): { id: number } };
  /** How many tensors of tfjs share the data. */
  refCount(dataId: object): number;
  /** Native ids; values that still wait in JavaScript are handed to TensorFlow first. */
  getInputTensorIds(tensors: Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
  loadSavedModelMetaGraph(directory: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(
    session: number,
    inputs: readonly Tensor[],
    inputNames: readonly { name: string }[],
    outputNames: readonly string[],
  ): Tensor[];
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: OpAttribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
};

// tfjs types its backend by the methods that every backend shares; these are the node backend's.
export const nodeBackend = (tf: Engine): NodeBackend => tf.backend() as unknown as NodeBackend;

export type OpType = 'float32' | 'int32' | 'bool';

const typeCode = (tf: Engine, type: OpType): number => {
  const { TF_FLOAT, TF_INT32, TF_BOOL } = nodeBackend(tf).binding;
  return { float32: TF_FLOAT, int32: TF_INT32, bool: TF_BOOL }[type];
};

/** Builders of op attributes. */
export const attribute = {
  type: (tf: Engine, name: string, value: OpType): OpAttribute => ({
    name,
    type: nodeBackend(tf).binding.TF_ATTR_TYPE,
    value: typeCode(tf, value),
  }),
  int: (tf: Engine, name: string, value: number | readonly number[]): OpAttribute => ({
    name,
    type: nodeBackend(tf).binding.TF_ATTR_INT,
    value,
  }),
  float: (tf: Engine, name: string, value: number): OpAttribute => ({
    name,
    type: nodeBackend(tf).binding.TF_ATTR_FLOAT,
    value,
  }),
  bool: (tf: Engine, name: string, value: boolean): OpAttribute => ({
    name,
    type: nodeBackend(tf).binding.TF_ATTR_BOOL,
    value,
  }),
  string: (tf: Engine, name: string, value: string): OpAttribute => ({
    name,
    type: nodeBackend(tf).binding.TF_ATTR_STRING,
    value,
  }),
  shape: (tf: Engine, name: string, value: readonly number[]): OpAttribute => ({
    name,
    type: nodeBackend(tf).binding.TF_ATTR_SHAPE,
    value,
  }),
};

/** Runs an op that has one output. */
export const executeOne = (
  tf: Engine,
  op: string,
  attributes: OpAttribute[],
  inputs: Tensor[],
): Tensor => nodeBackend(tf).executeSingleOutput(op, attributes, inputs);

/** Runs an op that has `outputs` outputs. */
export const executeMany = (
  tf: Engine,
  op: string,
  attributes: OpAttribute[],
  inputs: Tensor[],
  outputs: number,
): Tensor[] => nodeBackend(tf).executeMultipleOutputs(op, attributes, inputs, outputs);
