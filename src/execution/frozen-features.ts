/** Whether the features of frozen layers are computed once and kept, and where. */
import { join } from 'node:path';
import { ExperimentError } from '../errors.ts';
import type { FeatureCache } from '../training/features/frozen-part.ts';
import { type FrozenSplit, splitAtFrozen } from '../training/features/split-graph.ts';
import { cacheDirectory, type PreparedExperiment } from './prepare.ts';

export type FrozenFeatures = {
  /** The model in two, null where it has to stay in one piece. */
  readonly frozen: FrozenSplit | null;
  readonly featureCache: FeatureCache | null;
};

/** `onNote` hears why frozen layers are there and yet computed again in every epoch. */
export function planFeatures(
  { config, graph }: Pick<PreparedExperiment, 'config' | 'graph'>,
  smoke: boolean,
  onNote: (message: string) => void,
): FrozenFeatures {
  const { split, reason } = splitAtFrozen(graph, config.training);
  if (reason) onNote(`Features of frozen layers are not kept: ${reason}.`);
  if (!split) return { frozen: null, featureCache: null };
  // A smoke run would compute the whole dataset's features for a few batches.
  const isKept = config.execution.features === 'auto' && !smoke;
  return { frozen: split, featureCache: isKept ? featureCache() : null };
}

/** @throws {ExperimentError} USAGE when FOLDWISE_CACHE_LIMIT is no size. */
export const featureCache = (): FeatureCache => ({
  directory: join(cacheDirectory(), 'features'),
  limit: parseSize(process.env.FOLDWISE_CACHE_LIMIT || '20 GB'),
});

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Bytes of `20 GB`, `500M` or `1000000`. Throws USAGE for anything else. */
export function parseSize(text: string): number {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)B?\s*$/i.exec(text) ?? [];
  const factor = units[unit?.toUpperCase() ?? ''];
  if (number === undefined || factor === undefined) {
    throw new ExperimentError(
      'USAGE',
      `FOLDWISE_CACHE_LIMIT is "${text}", which is no size`,
      'Write 20 GB, 500 MB or a number of bytes.',
    );
  }
  return Number(number) * factor;
}
