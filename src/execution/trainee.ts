/**
 * What trains in a fold's process: the whole model on pictures or, where its frozen part can be
 * run by itself, the rest of it on features.
 */
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';
import type { ImageFile } from '../dataset/dataset.ts';
import { openImages } from '../dataset/open-images.ts';
import type { Engine } from '../engine/engine.ts';
import { describeEngine } from '../engine/load.ts';
import { buildModel } from '../model/build-model.ts';
import { loadWeights } from '../model/weights/load-weights.ts';
import { openFrozenPart } from '../training/features/frozen-part.ts';
import { type InputSource, imageInput } from '../training/input-source.ts';
import type { FoldAssignment } from './protocol.ts';

export type Trainee = {
  readonly model: LayersModel;
  /** What goes into `model` for the pictures of a dataset. */
  inputOf(images: ImageFile, fingerprint: string): Promise<TraineeInput>;
  /** The whole model with what was trained. */
  finish(): LayersModel;
};

export type TraineeInput = {
  readonly input: InputSource;
  /** Whether features are read from the cache. */
  readonly cached: boolean;
};

export type TraineeListener = {
  onNote(message: string): void;
  onFeatures(done: number, total: number): void;
  shouldStop(): boolean;
};

export async function openTrainee(
  tf: Engine,
  assignment: FoldAssignment,
  { onFeatures, ...listener }: TraineeListener,
): Promise<Trainee> {
  const { graph, weights, seed, transform, frozen, featureCache, mode } = assignment;
  const whole = buildModel(tf, graph, { seed });
  if (weights !== null) await loadWeights(tf, whole, graph, weights);
  const picturesOf = (images: ImageFile) => imageInput(tf, openImages(images), transform);
  if (!frozen) {
    return {
      model: whole,
      inputOf: async (images) => ({ input: picturesOf(images), cached: false }),
      finish: () => whole,
    };
  }
  const part = openFrozenPart(tf, {
    ...{ model: whole, split: frozen, mode, cache: featureCache ?? undefined },
    precision: assignment.training.precision,
    circumstances: { transform, engine: describeEngine(tf), mode },
    onProgress: onFeatures,
    ...listener,
  });
  // Opening a cache checks all of it: once for each dataset.
  const opened = new Map<string, Promise<TraineeInput>>();
  const open = (images: ImageFile, fingerprint: string) =>
    part.featuresOf({ input: picturesOf(images), samples: images.samples, fingerprint });
  return {
    model: part.head,
    inputOf: (images, fingerprint) => {
      const input = opened.get(fingerprint) ?? open(images, fingerprint);
      opened.set(fingerprint, input);
      return input;
    },
    finish: () => {
      part.finish();
      return whole;
    },
  };
}
