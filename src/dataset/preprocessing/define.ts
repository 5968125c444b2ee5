/**
 * What a preprocessing step is. Three kinds, told apart by what they act on: pictures (uint8, once,
 * before they are stored), pixel values (float32, per batch, never stored) and classes.
 */
import type { ConfigPath, Problem } from '../../errors.ts';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import type { ImageShape } from '../dataset.ts';
import type { Picture } from '../picture.ts';

export type PictureStep<Config = unknown> = {
  readonly kind: 'picture';
  readonly schema: ObjectSchema;
  /** What it makes of a shape; a sentence when it cannot take it. */
  shape(config: Config, input: ImageShape): ImageShape | string;
  apply(config: Config, picture: Picture): Picture;
};

/** Per-channel mean and standard deviation of stored pixels, 0 to 255. */
export type PixelStatistics = {
  readonly mean: readonly number[];
  readonly standard_deviation: readonly number[];
};

/** x' = factor · x + offset. */
export type Affine = { readonly factor: number; readonly offset: number };

export type PixelStep<Config = unknown> = {
  readonly kind: 'pixel';
  readonly schema: ObjectSchema;
  /** Takes its numbers from the train part. */
  needsStatistics(config: Config): boolean;
  /** For one channel: what is applied to the value that `before` makes of a stored pixel. */
  affine(
    config: Config,
    channel: number,
    before: Affine,
    statistics: PixelStatistics | undefined,
  ): Affine;
  problems?(config: Config, path: ConfigPath, channels: number | undefined): readonly Problem[];
};

/** A class of the dataset so far; `undefined` leaves its samples out. */
export type ClassStep<Config = unknown> = {
  readonly kind: 'class';
  readonly schema: ObjectSchema;
  /** Names that must be classes at this point. */
  mentions(config: Config): readonly string[];
  rename(config: Config, name: string): string | undefined;
};

export type PreprocessingStep = PictureStep | PixelStep | ClassStep;

/** A step as it is written: its schema's literal decides what its config is. */
type Written<S, Step> = Omit<Step, 'kind' | 'schema'> & { readonly schema: S };

export const definePictureStep = <const S extends ObjectSchema>(
  step: Written<S, PictureStep<Infer<S>>>,
) => ({ kind: 'picture' as const, ...step });

export const definePixelStep = <const S extends ObjectSchema>(
  step: Written<S, PixelStep<Infer<S>>>,
) => ({ kind: 'pixel' as const, ...step });

export const defineClassStep = <const S extends ObjectSchema>(
  step: Written<S, ClassStep<Infer<S>>>,
) => ({ kind: 'class' as const, ...step });

/** Class names are the same whatever their capitals. */
export const sameClass = (one: string, other: string): boolean =>
  one.toLowerCase() === other.toLowerCase();
