/** How many folds run side by side, and with how many threads each. */
import { availableParallelism, freemem, totalmem } from 'node:os';
import type { ExecutionConfig } from './schema.ts';

export type Concurrency = { readonly foldsAtOnce: number; readonly threads: number };

/** TensorFlow, its libraries and the data of one fold process take about this much, in bytes. */
const baseMemory = 700e6;

/** float32 weight, gradient and two optimizer slots, plus the best and the saved weights. */
const bytesPerParameter = 6 * 4;

/**
 * On the CPU one thread per fold wastes least: processes don't wait for each other as the threads
 * of one step do. Memory caps the number; on a GPU one fold runs unless the user asks for more.
 */
export function chooseConcurrency(
  config: ExecutionConfig,
  folds: number,
  parameters: number,
  device: 'cpu' | 'gpu' | 'auto',
): Concurrency {
  const cores = availableParallelism();
  const memory = Math.max(freemem(), totalmem() / 2);
  const fitting = Math.max(1, Math.floor(memory / (baseMemory + parameters * bytesPerParameter)));
  const foldsAtOnce =
    config.folds_at_once === 'auto'
      ? Math.min(folds, fitting, device === 'gpu' ? 1 : cores)
      : Math.min(folds, config.folds_at_once);
  const threads =
    config.threads === 'auto' ? Math.max(1, Math.floor(cores / foldsAtOnce)) : config.threads;
  return { foldsAtOnce, threads };
}
