/**
 * One graph in one session, made of the recordings of several functions and batch shapes that work
 * on the same variables. The session holds its own copy of the variables; tfjs's variables change
 * only when they are pulled, and the session's only when they are pushed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import type { Engine } from '../engine.ts';
import { nodeBackend } from '../op.ts';
import { attributeValue, encodeSavedModel, type GraphNode, servingTag } from './graph-def.ts';
import type { RecordedGraph } from './record.ts';
import { typeNumber } from './recording.ts';
import { TraceError } from './trace-error.ts';

/** A variable in the graph: nodes around its handle. */
type GraphVariable = {
  readonly handle: string;
  readonly nodes: readonly GraphNode[];
  /** Placeholder that takes a new value, and the edge that says it has been assigned. */
  readonly feed: string;
  readonly assigned: string;
  /** Edge of the present value. */
  readonly value: string;
};

type Session = { readonly id: number; readonly variables: readonly Variable[] };

export type Program = {
  readonly tf: Engine;
  readonly variables: Map<Variable, GraphVariable>;
  readonly recordings: RecordedGraph[];
  /** Recordings made so far, of which some may have been removed: gives each its own prefix. */
  made: number;
  /** Recordings that have run. */
  readonly proven: Set<RecordedGraph>;
  /** Undefined until the first run, and after a recording was added. */
  session: Session | undefined;
  /** Values of the variables in a session that was left for a larger graph. */
  carried: Map<Variable, Tensor>;
  /** Traced functions that use it. */
  users: number;
};

export const createProgram = (tf: Engine): Program => ({
  ...{ tf, variables: new Map(), recordings: [], made: 0, proven: new Set() },
  ...{ session: undefined, carried: new Map(), users: 0 },
});

/** Edge of the variable's handle; the variable becomes part of the graph. */
export function handleOf(program: Program, variable: Variable): string {
  const known = program.variables.get(variable);
  if (known) return known.handle;
  const made = graphVariable(variable, `variable_${program.variables.size}`);
  program.variables.set(variable, made);
  return made.handle;
}

/** Adds a function to the graph; the session is built again at the next run, values kept. */
export function addRecording(program: Program, recording: RecordedGraph): void {
  leaveSession(program);
  program.made += 1;
  program.recordings.push(recording);
}

/**
 * Runs one recorded function. The caller owns the outputs.
 *
 * @throws {TraceError} when TensorFlow refuses the graph; what the session held before stays
 */
export function runRecording(
  program: Program,
  recording: RecordedGraph,
  inputs: readonly Tensor[],
): Tensor[] {
  const feeds = recording.feeds.map((name, i) => [name, inputs[i]] as const);
  try {
    const outputs = runSession(program, feeds, recording.fetches);
    outputs.pop()?.dispose(); // only says that all variables are written
    program.proven.add(recording);
    return outputs;
  } catch (error) {
    if (program.proven.has(recording)) throw error;
    removeRecording(program, recording);
    const reason = error instanceof Error ? error.message : String(error);
    throw new TraceError(`TensorFlow refuses its graph: ${reason}`);
  }
}

function removeRecording(program: Program, recording: RecordedGraph): void {
  const position = program.recordings.indexOf(recording);
  if (position < 0) return;
  leaveSession(program);
  program.recordings.splice(position, 1);
}

/** tfjs's variables → the session's. Variables that the graph does not use are left out. */
export function push(program: Program, variables: readonly Variable[]): void {
  const used = variables.flatMap((variable) => {
    const inGraph = program.variables.get(variable);
    return inGraph && !variable.isDisposed ? { variable, ...inGraph } : [];
  });
  if (used.length === 0) return;
  const feeds = used.map(({ feed, variable }) => [feed, variable] as const);
  disposeAll(
    runSession(
      program,
      feeds,
      used.map(({ assigned }) => assigned),
    ),
  );
}

/** The session's variables → tfjs's. */
export function pull(program: Program, variables: readonly Variable[]): void {
  const used = variables.filter((v) => program.variables.has(v) && !v.isDisposed);
  const values = readValues(program, used);
  used.forEach((variable, i) => {
    const value = values[i];
    if (value) variable.assign(value);
  });
  disposeAll(values);
}

/** Frees the session once the last user has released the program. */
export function releaseProgram(program: Program): void {
  program.users -= 1;
  if (program.users > 0) return;
  if (program.session) nodeBackend(program.tf).deleteSavedModel(program.session.id);
  program.session = undefined;
  disposeAll([...program.carried.values()]);
  program.carried.clear();
}

/** Keeps what the session's variables hold for the next session. */
function leaveSession(program: Program): void {
  const { session, tf } = program;
  if (!session) return;
  const values = readValues(program, session.variables);
  session.variables.forEach((variable, i) => {
    const value = values[i];
    if (value) program.carried.set(variable, tf.keep(value));
  });
  nodeBackend(tf).deleteSavedModel(session.id);
  program.session = undefined;
}

function readValues(program: Program, variables: readonly Variable[]): Tensor[] {
  const fetches = variables.flatMap((variable) => program.variables.get(variable)?.value ?? []);
  return fetches.length === 0 ? [] : runSession(program, [], fetches);
}

function runSession(
  program: Program,
  feeds: readonly (readonly [name: string, value: Tensor | undefined])[],
  fetches: readonly string[],
): Tensor[] {
  const session = program.session ?? openSession(program);
  const inputs = feeds.flatMap(([, value]) => value ?? []);
  const names = feeds.map(([name]) => ({ name: `${name}:0` }));
  return nodeBackend(program.tf).runSavedModel(session.id, inputs, names, fetches);
}

/** Loads the graph and gives every variable its value: the carried one, or tfjs's. */
function openSession(program: Program): Session {
  const { tf, variables, carried } = program;
  const nodes = [
    ...[...variables.values()].flatMap((variable) => variable.nodes),
    ...program.recordings.flatMap((recording) => recording.nodes),
  ];
  const session: Session = { id: loadGraph(tf, nodes), variables: [...variables.keys()] };
  program.session = session;
  const live = [...variables].filter(([variable]) => carried.has(variable) || !variable.isDisposed);
  if (live.length > 0) {
    const feeds = live.map(([variable, { feed }]) => {
      return [feed, carried.get(variable) ?? variable] as const;
    });
    disposeAll(
      runSession(
        program,
        feeds,
        live.map(([, { assigned }]) => assigned),
      ),
    );
  }
  disposeAll([...carried.values()]);
  carried.clear();
  return session;
}

function loadGraph(tf: Engine, nodes: readonly GraphNode[]): number {
  const directory = mkdtempSync(join(tmpdir(), 'foldwise-graph-'));
  try {
    writeFileSync(join(directory, 'saved_model.pb'), encodeSavedModel(nodes));
    return nodeBackend(tf).loadSavedModelMetaGraph(directory, servingTag);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function graphVariable(variable: Variable, name: string): GraphVariable {
  const type = attributeValue.type(typeNumber(variable.dtype));
  const shape = attributeValue.shape(variable.shape);
  const handle = `${name}/handle:0`;
  const node = (
    part: string,
    op: string,
    inputs: string[],
    attributes: GraphNode['attributes'],
  ): GraphNode => ({ name: `${name}/${part}`, op, inputs, attributes });
  const text = { shared_name: attributeValue.string(name), container: attributeValue.string('') };
  return {
    handle,
    feed: `${name}/new`,
    assigned: `${name}/assigned:0`,
    value: `${name}/value:0`,
    nodes: [
      node('handle', 'VarHandleOp', [], { dtype: type, shape, ...text }),
      node('new', 'Placeholder', [], { dtype: type, shape }),
      node('assign', 'AssignVariableOp', [handle, `${name}/new:0`], { dtype: type }),
      node('done', 'Const', [], {
        dtype: attributeValue.type(typeNumber('bool')),
        value: attributeValue.tensor(typeNumber('bool'), [], Uint8Array.of(1)),
      }),
      node('assigned', 'Identity', [`${name}/done:0`, `^${name}/assign`], {
        T: attributeValue.type(typeNumber('bool')),
      }),
      node('value', 'ReadVariableOp', [handle], { dtype: type }),
    ],
  };
}

const disposeAll = (tensors: readonly Tensor[]): void => {
  for (const tensor of tensors) tensor.dispose();
};
