/** The plain data that a dataset is, from a source to the folds. Survives structured clone. */

/** The parts that a predefined dataset comes in; `Dataset.parts` holds indices into this list. */
export const partNames = ['train', 'validation', 'test'] as const;
export type Part = (typeof partNames)[number];

/** Height, width and channels of every image. */
export type ImageShape = {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
};

/** uint8 pixels [samples, height, width, channels], row-major, in one file without a header. */
export type ImageFile = ImageShape & {
  readonly path: string;
  readonly samples: number;
};

/** Clusters of identical (or nearly identical) pictures, each a list of sample indices. */
export type Duplicates = {
  readonly identical: readonly (readonly number[])[];
  readonly near: readonly (readonly number[])[];
  /** Those of `identical` whose members carry different labels. */
  readonly conflicting: readonly (readonly number[])[];
  /** Samples that `duplicates: drop` took out. */
  readonly dropped: number;
};

export type Dataset = {
  /** Class names in label order, in the source's spelling. */
  readonly classes: readonly string[];
  /** Class index of each sample, [samples]. */
  readonly labels: Int32Array;
  readonly images: ImageFile;
  /** Shape after `dataset.image`, before `preprocessing`: what unseen images are brought to. */
  readonly decoded: ImageShape;
  /** Index into `partNames` for each sample, where the source has parts. */
  readonly parts?: Uint8Array | undefined;
  /** Group (subject, identity) of each sample as an index into `groupNames`. */
  readonly groups?: Int32Array | undefined;
  readonly groupNames?: readonly string[] | undefined;
  /** Where each sample came from, for messages: `fer2013.csv:17` or a file's path. */
  readonly origins: readonly string[];
  /** SHA-256 over shape, classes, labels and decoded pixels. */
  readonly fingerprint: string;
  /**
   * The same before the pictures were prepared (`image`, `preprocessing`): equal where the same
   * samples are looked at, by one model in gray, by another in colour.
   */
  readonly sourceFingerprint: string;
  readonly duplicates: Duplicates;
  /** Made by a renderer, not by a camera: the report says so loudly. */
  readonly synthetic: boolean;
  /** What was skipped or assumed while reading. */
  readonly notes: readonly string[];
};
