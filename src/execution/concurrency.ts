/** How many folds run side by side, with how many threads each, and on which GPU. Pure. */
import type { Machine } from './machine.ts';
import type { ExecutionConfig } from './schema.ts';

export type Concurrency = {
  readonly foldsAtOnce: number;
  readonly threads: number;
  /** GPU of each place that a fold may run in; empty on the CPU. */
  readonly gpus: readonly string[];
};

/**
 * TensorFlow, its libraries and the page cache's share of one fold process, in bytes: measured for
 * the thesis's CNN (1.04 GB, less what `foldMemory` says of it).
 */
const processMemory = 800e6;

/** CUDA, cuDNN and their workspaces in each process, in bytes: a round figure with some room. */
const cudaMemory = 2e9;

/** More processes on one GPU take turns without gaining. */
const foldsPerGpu = 4;

/**
 * On the CPU one thread per fold wastes least: processes don't wait for each other as the threads
 * of one step do. Memory caps the number. On GPUs folds are dealt out in turn, as many as fit.
 *
 * @param foldMemory bytes of one fold besides TensorFlow (estimate.ts)
 */
export function chooseConcurrency(
  config: Pick<ExecutionConfig, 'folds_at_once' | 'threads'>,
  folds: number,
  foldMemory: number,
  { cores, freeMemory, gpus }: Machine,
): Concurrency {
  const fitting = Math.floor(freeMemory / (processMemory + foldMemory));
  const onGpus = gpus.map(({ freeMemory: free }) =>
    Math.min(foldsPerGpu, Math.floor(free / (cudaMemory + foldMemory))),
  );
  const places =
    gpus.length === 0 ? cores : onGpus.reduce((sum, count) => sum + Math.max(1, count), 0);
  const foldsAtOnce =
    config.folds_at_once === 'auto'
      ? Math.max(1, Math.min(folds, fitting, places))
      : Math.max(1, Math.min(folds, config.folds_at_once));
  const threads =
    config.threads === 'auto' ? Math.max(1, Math.floor(cores / foldsAtOnce)) : config.threads;
  return { foldsAtOnce, threads, gpus: dealOut(gpus, onGpus, foldsAtOnce) };
}

/** One GPU after the other, those with room left first. */
function dealOut(gpus: Machine['gpus'], room: readonly number[], places: number): string[] {
  const left = room.map((count) => Math.max(1, count));
  return Array.from({ length: gpus.length === 0 ? 0 : places }, () => {
    const most = left.indexOf(Math.max(...left));
    left[most] = (left[most] ?? 0) - 1;
    return gpus[most]?.id ?? '';
  });
}
