/** Loads TensorFlow.js with what has to be settled before its native library starts. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { ExperimentError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { nodeBackend } from './op.ts';

export type Device = 'cpu' | 'gpu';

export type EngineOptions = {
  /** `auto` takes a GPU where TensorFlow sees one. Only the first load in a process decides. */
  readonly device?: Device | 'auto' | undefined;
  /** Threads of one operation; TensorFlow takes all cores without it. */
  readonly threads?: number | undefined;
};

/** What computes in this process, as `result.json` records it. */
export type EngineInfo = {
  /** Version of TensorFlow's library, such as 2.21.0. */
  readonly tensorflow: string;
  readonly device: Device;
  readonly threads: number;
  /** Whether the same seed gives the same bits again on this device with as many threads. */
  readonly deterministic: boolean;
};

/**
 * TensorFlow.js on the wanted device. Variables that the user has set in the environment win.
 *
 * @throws {ExperimentError} GPU when a GPU is asked for and TensorFlow sees none; ENGINE when the
 * library cannot be loaded.
 */
export async function loadEngine(options: EngineOptions = {}): Promise<Engine> {
  settleEnvironment(options);
  restoreNodeUtil();
  const tf = await importTensorFlow();
  if (options.device === 'gpu' && describeEngine(tf).device !== 'gpu') {
    throw new ExperimentError(
      'GPU',
      'A GPU was asked for, but TensorFlow sees none on this machine.',
      '`npm run exp -- doctor` says what is missing; `--device cpu` computes on the processor.',
    );
  }
  return tf;
}

/** Version, device, threads and determinism of a loaded engine. */
export function describeEngine(tf: Engine): EngineInfo {
  const backend = nodeBackend(tf);
  const device = backend.isUsingGpuDevice ? 'gpu' : 'cpu';
  return {
    tensorflow: backend.binding.TF_Version,
    device,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    deterministic: device === 'cpu' || process.env.TF_DETERMINISTIC_OPS === '1',
  };
}

/** TensorFlow reads these once, when its library starts. */
function settleEnvironment({ device, threads }: EngineOptions): void {
  const { env } = process;
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'; // fold processes share the memory of a GPU
  if (device === 'cpu') env.CUDA_VISIBLE_DEVICES = '-1';
  if (threads !== undefined) {
    env.TF_NUM_INTRAOP_THREADS ??= String(threads);
    env.TF_NUM_INTEROP_THREADS ??= String(threads);
    env.OMP_NUM_THREADS ??= String(threads);
  }
}

/** tfjs-node 4.22 calls two functions of `node:util` that Node 22 warns of and 23 removed. */
function restoreNodeUtil(): void {
  // The module object that tfjs-node will get; its type no longer names the removed functions.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

async function importTensorFlow(): Promise<Engine> {
  try {
    return await import('@tensorflow/tfjs-node-gpu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExperimentError(
      'ENGINE',
      `TensorFlow cannot be loaded: ${reason}`,
      '`npm run exp` sets the engine up. If it stays broken, delete ~/.cache/foldwise; it is made anew.',
    );
  }
}
