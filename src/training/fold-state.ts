/**
 * The saved state of a fold: the last complete epoch, from which training goes on bit by bit.
 * Tensors in a binary file, all else in state.json, which names it and is written last; both are
 * written to a temporary name and renamed, so a state is whole or not there.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ExperimentError } from '../errors.ts';
import type { CallbackStates } from './callbacks/callback-list.ts';
import type { EpochRecord } from './epoch-record.ts';
import type { Snapshot } from './model-weights.ts';

/** Where training stands after a complete epoch. */
export type FoldProgress = {
  readonly phase: number;
  /** Complete epochs of the phase. */
  readonly phaseEpochs: number;
  /** Updates since the optimizer's state began. */
  readonly steps: number;
  /** As float32. */
  readonly learningRate: number;
  readonly callbacks: CallbackStates;
  readonly history: readonly EpochRecord[];
  /** Epoch of the kept weights, counted from 1. */
  readonly bestEpoch: number | null;
  /** Why the phase ended early. */
  readonly stopped: string | null;
};

export type FoldState = {
  readonly progress: FoldProgress;
  /** Model, optimizer, random stream. */
  readonly variables: Snapshot;
  /** The kept weights, where a callback keeps some. */
  readonly best: Snapshot | undefined;
};

type TensorEntry = {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly length: number;
};
type TensorFile = { readonly file: string; readonly tensors: readonly TensorEntry[] };
type StateFile = {
  readonly version: 1;
  readonly progress: FoldProgress;
  readonly variables: TensorFile;
  readonly best: TensorFile | null;
};

/** Writes the state of an epoch; the one before stays whole until it is in place. */
export function saveFoldState(directory: string, state: FoldState): void {
  const { progress } = state;
  const epoch = progress.history.length;
  onDisk(directory, () => {
    mkdirSync(directory, { recursive: true });
    const variables = writeTensors(directory, `epoch-${epoch}.bin`, state.variables);
    const best = state.best ? writeBest(directory, progress.bestEpoch, state.best) : null;
    const file: StateFile = { version: 1, progress, variables, best };
    writeWhole(join(directory, 'state.json'), [Buffer.from(JSON.stringify(file))]);
    const needed = new Set(['state.json', variables.file, best?.file]);
    for (const name of readdirSync(directory)) {
      if (!needed.has(name)) rmSync(join(directory, name), { force: true });
    }
  });
}

/**
 * The state of the last complete epoch, or undefined where there is none.
 *
 * @throws {ExperimentError} DATA_INVALID when its files were damaged after they were written.
 */
export function readFoldState(directory: string): FoldState | undefined {
  const path = join(directory, 'state.json');
  if (!existsSync(path)) return undefined;
  try {
    const file = readStateFile(path);
    if (file.version !== 1) throw new Error(`version ${file.version}`);
    return {
      progress: file.progress,
      variables: readTensors(directory, file.variables),
      best: file.best ? readTensors(directory, file.best) : undefined,
    };
  } catch (error) {
    throw new ExperimentError(
      'DATA_INVALID',
      `The saved state in ${directory} cannot be read: ${(error as Error).message}`,
      'Delete that directory to train the fold from the beginning.',
    );
  }
}

// Written by saveFoldState, renamed into place as a whole.
const readStateFile = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as StateFile;

/** The best weights are written once, not again after every epoch that was not better. */
function writeBest(directory: string, epoch: number | null, weights: Snapshot): TensorFile {
  const file = `best-${epoch}.bin`;
  const path = join(directory, 'state.json');
  const before = existsSync(path) ? readStateFile(path).best : null;
  return before?.file === file ? before : writeTensors(directory, file, weights);
}

function writeTensors(directory: string, file: string, snapshot: Snapshot): TensorFile {
  const path = join(directory, file);
  const bytes = [...snapshot.values()].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  writeWhole(path, bytes);
  const tensors = [...snapshot].map(([name, values]) => ({
    name,
    type: isFloat(values) ? ('float32' as const) : ('int32' as const),
    length: values.length,
  }));
  return { file, tensors };
}

// Arrays from the native addon can come from another realm, where instanceof fails.
const isFloat = (values: Float32Array | Int32Array) =>
  Object.prototype.toString.call(values) === '[object Float32Array]';

function readTensors(directory: string, { file, tensors }: TensorFile): Snapshot {
  const bytes = readFileSync(join(directory, file));
  const expected = tensors.reduce((sum, { length }) => sum + length * 4, 0);
  if (bytes.length !== expected) {
    throw new Error(`${file} has ${bytes.length} bytes instead of ${expected}`);
  }
  // A copy at offset 0, since typed arrays must be aligned.
  const { buffer } = Uint8Array.from(bytes);
  let offset = 0;
  return new Map(
    tensors.map(({ name, type, length }) => {
      const start = offset;
      offset += length * 4;
      return [
        name,
        type === 'float32'
          ? new Float32Array(buffer, start, length)
          : new Int32Array(buffer, start, length),
      ];
    }),
  );
}

/** Writes to a temporary name, waits until it is on the disk, renames. */
function writeWhole(path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    for (const part of parts) {
      for (let done = 0; done < part.length; ) done += writeSync(file, part, done);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

function onDisk(directory: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new ExperimentError(
      'DISK',
      `The state of the fold cannot be saved in ${directory}: ${(error as Error).message}`,
      'Free disk space (or mend the permissions) and resume the run.',
    );
  }
}
