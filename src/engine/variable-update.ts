/**
 * TensorFlow's in-place updates of variables (the Resource* ops) on tfjs's variables.
 *
 * tfjs knows no resources: a variable of tfjs is a tensor that is replaced at each assign. Here
 * each updated variable has a TensorFlow resource beside it that shares its buffer: the op works on
 * the resource, and the variable then points to what the resource holds.
 */
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from './engine.ts';
import { attribute, nodeBackend, type OpAttribute } from './op.ts';

/** What a trace does with an update, in place of running it. */
export type UpdateRecorder = (
  op: string,
  attributes: OpAttribute[],
  variables: readonly Variable[],
  inputs: readonly Tensor[],
) => void;

let recorder: UpdateRecorder | undefined;

/** Hands the updates that `run` makes to `record` instead of running them. */
export function recordUpdates<T>(record: UpdateRecorder, run: () => T): T {
  const before = recorder;
  recorder = record;
  try {
    return run();
  } finally {
    recorder = before;
  }
}

/** Whether a trace is recording what happens now. */
export const isRecording = (): boolean => recorder !== undefined;

/**
 * Runs a Resource* op whose first inputs are the handles of `variables` (float32), followed by
 * `inputs`; the variables have their new values afterwards.
 */
export function updateVariables(
  tf: Engine,
  op: string,
  attributes: OpAttribute[],
  variables: readonly Variable[],
  inputs: readonly Tensor[],
): void {
  if (recorder) {
    recorder(op, attributes, variables, inputs);
    return;
  }
  const backend = nodeBackend(tf);
  const values = backend.getInputTensorIds([...inputs]);
  const lent = variables.map((variable) => {
    const resource = resourceOf(tf, variable);
    const used = inputs.some((input) => input.dataId === variable.dataId);
    return { variable, resource, shared: lendBuffer(tf, variable, resource, used) };
  });
  const handles = lent.map(({ resource }) => resource.handle);
  try {
    backend.binding.executeOp(op, attributes, [...handles, ...values], 0);
  } finally {
    for (const { variable, resource, shared } of lent) takeBack(tf, variable, resource, shared);
  }
}

type Resource = {
  /** Native id of the resource handle. */
  readonly handle: number;
  /** Native id of the tensor that the variable had after the last update. */
  current: number | undefined;
};

const resources = new Map<Variable, Resource>();
let created = 0;

const floatType = (tf: Engine) => attribute.type(tf, 'dtype', 'float32');

function resourceOf(tf: Engine, variable: Variable): Resource {
  const known = resources.get(variable);
  if (known) return known;
  releaseDisposed(tf);
  created += 1;
  const [handle] = nodeBackend(tf).binding.executeOp(
    'VarHandleOp',
    [
      floatType(tf),
      attribute.shape(tf, 'shape', variable.shape),
      attribute.string(tf, 'container', ''),
      attribute.string(tf, 'shared_name', `foldwise_variable_${created}`),
    ],
    [],
    1,
  );
  if (!handle) throw new Error('VarHandleOp has one output');
  const resource: Resource = { handle: handle.id, current: undefined };
  resources.set(variable, resource);
  return resource;
}

/** Frees the resources of disposed variables: nobody tells us when one is disposed. */
function releaseDisposed(tf: Engine): void {
  const { binding } = nodeBackend(tf);
  for (const [variable, { handle }] of resources) {
    if (!variable.isDisposed) continue;
    const ignore = attribute.bool(tf, 'ignore_lookup_error', true);
    binding.executeOp('DestroyResourceOp', [ignore], [handle], 0);
    binding.deleteTensor(handle);
    resources.delete(variable);
  }
}

/**
 * Makes the resource hold the variable's buffer, alone where possible: TensorFlow updates in place
 * only a buffer that nobody else holds. True when somebody else
 * (a clone, the op itself) still needs it.
 */
function lendBuffer(tf: Engine, variable: Variable, resource: Resource, isInput: boolean): boolean {
  const backend = nodeBackend(tf);
  const [id] = backend.getInputTensorIds([variable]);
  if (id === undefined) throw new Error('a variable has one tensor');
  if (resource.current !== id) {
    backend.binding.executeOp('AssignVariableOp', [floatType(tf)], [resource.handle, id], 0);
  }
  if (isInput || backend.refCount(variable.dataId) > 1) return true;
  backend.binding.deleteTensor(id);
  return false;
}

function takeBack(tf: Engine, variable: Variable, resource: Resource, shared: boolean): void {
  const backend = nodeBackend(tf);
  const [value] = backend.binding.executeOp(
    'ReadVariableOp',
    [floatType(tf)],
    [resource.handle],
    1,
  );
  if (!value) throw new Error('ReadVariableOp has one output');
  resource.current = value.id;
  if (shared) {
    const fresh = backend.createOutputTensor(value);
    variable.assign(fresh);
    fresh.dispose();
  } else {
    backend.tensorMap.get(variable.dataId).id = value.id;
  }
}
