/** What readers of weight files give, and what they say when the file does not fit. */
import { ExperimentError } from '../../errors.ts';
import type { WantedWeight } from './wanted.ts';

/** One weight in a file; its values are read when they are asked for. */
export type StoredWeight = {
  /** Where it stands in the file, for messages. */
  readonly place: string;
  readonly shape: readonly number[];
  values(): Float32Array;
};

export type WeightFile = {
  /**
   * The stored weights in the order of the wanted ones.
   *
   * @throws {ExperimentError} DATA_INVALID when their number or order does not fit.
   */
  find(wanted: readonly WantedWeight[]): readonly StoredWeight[];
  close(): void;
};

export const unfit = (file: string, message: string, hint?: string): ExperimentError =>
  new ExperimentError('DATA_INVALID', `${file}: ${message}`, hint);

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Pairs weights by position, and names the first layer at which file and model part. */
export function zipInOrder(
  file: string,
  wanted: readonly WantedWeight[],
  stored: readonly StoredWeight[],
): readonly StoredWeight[] {
  for (const [index, { layer, name, shape }] of wanted.entries()) {
    const found = stored[index];
    if (found === undefined) {
      throw unfit(
        file,
        `it ends after ${stored.length} weights; the model has ${wanted.length}, the next would be ${name} of "${layer}"`,
      );
    }
    if (found.shape.join() !== shape.join()) {
      throw unfit(
        file,
        `${name} of "${layer}" has the shape ${shapeText(shape)}, but ${found.place} in the file has ${shapeText(found.shape)}`,
      );
    }
  }
  const extra = stored[wanted.length];
  if (extra === undefined) return stored;
  throw unfit(
    file,
    `it has ${stored.length} weights, the model only ${wanted.length}; the first that nothing takes is ${extra.place}`,
    'A file with the classifier does not fit a backbone without it (`_notop` in Keras’s names).',
  );
}
