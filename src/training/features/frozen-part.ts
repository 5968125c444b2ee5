/**
 * A model whose frozen part and the rest run by themselves: the frozen part turns pictures into
 * features, the head trains on these. Features come from a cache on disk that all folds and runs
 * share, or are computed for each batch, with the same bits: by the same graph in batches of one
 * size, filled up where pictures are missing.
 */
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node-gpu';
import { fileErrorCode } from '../../dataset/file-error.ts';
import type { Engine } from '../../engine/engine.ts';
import { buildModel } from '../../model/build-model.ts';
import type { ModelGraph } from '../../model/graph.ts';
import { batchesOf, filledUp } from '../batches.ts';
import type { InputSource } from '../input-source.ts';
import { modelVariables } from '../model-weights.ts';
import type { Precision } from '../precision.ts';
import type { ExecutionMode } from '../step-runner.ts';
import { type EvaluationRunner, evaluationRunner } from '../traced-runner.ts';
import { makeRoom } from './cache-limit.ts';
import { type FeatureStore, openFeatureStore } from './feature-store.ts';
import type { FrozenSplit } from './split-graph.ts';

/** Raise it whenever layers or kernels compute other numbers from the same weights. */
const cacheVersion = 1;

/** Pictures in one pass of the frozen part. Part of what the bits depend on. */
const passSize = 32;

export type FeatureCache = {
  readonly directory: string;
  /** Bytes of all features together. */
  readonly limit: number;
};

export type FrozenPartOptions = {
  /** Built, with its weights. */
  readonly model: LayersModel;
  readonly split: FrozenSplit;
  readonly mode: ExecutionMode;
  /** Default float32. */
  readonly precision?: Precision | undefined;
  /** Without one features are computed for each batch. */
  readonly cache: FeatureCache | undefined;
  /** What else the bits depend on: pixel transform, version of TensorFlow, device, threads. */
  readonly circumstances: unknown;
  onNote(message: string): void;
  onProgress(done: number, total: number): void;
  shouldStop(): boolean;
};

/** Pictures with what names their pixels. */
export type Pictures = {
  readonly input: InputSource;
  readonly samples: number;
  readonly fingerprint: string;
};

export type FrozenPart = {
  /** What trains; it takes features. */
  readonly head: LayersModel;
  featuresOf(
    pictures: Pictures,
  ): Promise<{ readonly input: InputSource; readonly cached: boolean }>;
  /** Puts the head's weights into the whole model. */
  finish(): void;
};

/** `model`'s weights are shared with both parts until training gives the head its own. */
export function openFrozenPart(tf: Engine, options: FrozenPartOptions): FrozenPart {
  const { model, split } = options;
  const base = partOf(tf, model, split.base);
  const head = partOf(tf, model, split.head);
  const shape = split.head.input.map(Number); // splitAtFrozen cuts where all lengths are fixed
  const weights = weightsHash(base);
  return {
    head,
    finish: () => copyWeights(head, model),
    async featuresOf(pictures) {
      const pass = featurePass(tf, base, pictures.input, options);
      const length = shape.reduce((product, size) => product * size, 1);
      const store = await storedFeatures(pictures, { pass, length, weights, options });
      if (store) pass.dispose();
      const read = (indices: Uint32Array): Tensor => {
        const values = store ? store.read(indices) : pass.run(indices);
        return tf.tensor2d(values, [indices.length, length]);
      };
      const decode = (stored: Tensor): Tensor =>
        tf.reshape(stored, [stored.shape[0] ?? 0, ...shape]);
      return { input: { shape, read, decode }, cached: store !== undefined };
    },
  };
}

/** A model of a part of the graph that has the whole one's weights. */
function partOf(tf: Engine, whole: LayersModel, graph: ModelGraph): LayersModel {
  const part = buildModel(tf, graph, { seed: 0 });
  copyWeights(whole, part);
  return part;
}

/** Weights that both models have, by name; memory is shared until one of them changes. */
function copyWeights(from: LayersModel, to: LayersModel): void {
  const targets = modelVariables(to);
  for (const [name, variable] of modelVariables(from)) targets.get(name)?.assign(variable);
}

function weightsHash(model: LayersModel): string {
  const digest = createHash('sha256');
  for (const [name, variable] of modelVariables(model)) {
    // Weights are float32.
    const { buffer, byteOffset, byteLength } = variable.dataSync() as Float32Array;
    digest.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return digest.digest('hex');
}

type FeaturePass = {
  /** float32 [indices, length]. */
  run(indices: Uint32Array): Float32Array;
  dispose(): void;
};

/** The frozen part on pictures, `passSize` at a time. */
function featurePass(
  tf: Engine,
  base: LayersModel,
  input: InputSource,
  { mode, precision, onNote }: FrozenPartOptions,
): FeaturePass {
  const step = (...[stored]: Tensor[]): Tensor[] => {
    if (!stored) throw new Error('no pictures');
    // Our models have one output, and tensors go in.
    return [tf.tidy(() => base.apply(input.decode(stored), { training: false }) as Tensor)];
  };
  let runner: EvaluationRunner | undefined;
  const onBatch = (batch: Uint32Array): Float32Array => {
    const stored = input.read(filledUp(batch, passSize));
    runner ??= evaluationRunner(
      ...([
        tf,
        { mode, precision, model: base, worthwhile: true, onFallback: onNote },
        step,
      ] as const),
    );
    const results = runner.run([stored]);
    // Outputs of our layers are float32.
    const values = results[0]?.dataSync() as Float32Array;
    tf.dispose([stored, results]);
    return values.subarray(0, (values.length / passSize) * batch.length);
  };
  return {
    run: (indices) => joined(batchesOf(indices, passSize).map(onBatch)),
    dispose: () => {
      runner?.dispose();
      runner = undefined;
    },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The complete store of the pictures' features, or undefined where there cannot be one. */
async function storedFeatures(
  pictures: Pictures,
  made: {
    readonly pass: FeaturePass;
    readonly length: number;
    readonly weights: string;
    readonly options: FrozenPartOptions;
  },
): Promise<FeatureStore | undefined> {
  const { pass, length, weights, options } = made;
  const { cache, split, precision, circumstances, onNote } = options;
  if (!cache) return undefined;
  const { samples, fingerprint } = pictures;
  const base = split.base.nodes.map(({ name, type, config, inputs }) => [
    ...[name, type, config, inputs],
  ]);
  const computed = precision === 'float32' ? undefined : precision;
  const named = {
    ...{ cacheVersion, passSize, fingerprint, circumstances, base, length, weights },
    precision: computed,
  };
  const key = createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 32);
  const directory = join(cache.directory, key);
  let store: FeatureStore | undefined;
  try {
    store = openFeatureStore(directory, { samples, length });
    const bytes = samples * length * Float32Array.BYTES_PER_ELEMENT;
    if (!makeRoom(dirname(directory), basename(directory), bytes, cache.limit)) {
      onNote(tooLarge(bytes, cache));
    } else if (await fill(store, samples, pass, options)) return store;
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    onNote(`Features are computed again in every epoch: ${cache.directory} fails with ${code}.`);
  }
  store?.close();
  return undefined;
}

const tooLarge = (bytes: number, { limit }: FeatureCache) =>
  `Features are computed again in every epoch: the cache has no room for ${Math.ceil(bytes / 1e6)} ` +
  `MB below its limit of ${Math.floor(limit / 1e6)} MB (FOLDWISE_CACHE_LIMIT).`;

/**
 * Computes what is missing, in an order of each process's own: others that fill the same store
 * take the blocks that it has not got to. False when asked to stop before all are there.
 */
async function fill(
  store: FeatureStore,
  samples: number,
  pass: FeaturePass,
  { onProgress, shouldStop }: FrozenPartOptions,
): Promise<boolean> {
  for (;;) {
    const missing = store.missing();
    const done = samples - missing.reduce((sum, block) => sum + store.range(block).count, 0);
    onProgress(done, samples);
    const block = missing[process.pid % Math.max(1, missing.length)];
    if (block === undefined) return true;
    const { first, count } = store.range(block);
    store.write(block, pass.run(Uint32Array.from({ length: count }, (_, i) => first + i)));
    await setImmediate(); // lets messages in
    if (shouldStop()) return false;
  }
}
