/**
 * What a source is: options (schema), what is known of it without reading anything, and how its
 * samples are read, one after the other, in an order that never changes.
 */
import { relative, sep } from 'node:path';
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import type { ImageShape } from '../dataset.ts';
import type { Picture } from '../picture.ts';

export type SourceDescription = {
  /** Class names, where they don't depend on the files. */
  readonly classes?: readonly string[] | undefined;
  readonly image?: ImageShape | undefined;
  readonly samples?: number | undefined;
  /** Samples of each class, in the order of `classes`. */
  readonly classCounts?: readonly number[] | undefined;
  /** Whether samples come in train, validation and test parts; undefined: the files decide. */
  readonly hasParts: boolean | undefined;
  readonly hasGroups: boolean | undefined;
  /** Files or folders that must be there. */
  readonly paths: readonly string[];
  /** Where to get them. */
  readonly where?: string | undefined;
};

export type SourceSample = {
  /** The class by name, in any spelling of upper and lower case. */
  readonly label: string;
  /** The reader may reuse its pixels after `add` has returned. */
  readonly picture: Picture;
  /** Index into `partNames`. */
  readonly part?: number | undefined;
  readonly group?: string | undefined;
  /** `fer2013.csv:17`, or a file's path relative to the source's folder. */
  readonly origin: string;
};

export type SourceContext = {
  /** Of the experiment, for sources that make their samples. */
  readonly seed: number;
  /** False when a sample would be left out anyway: spare the work of decoding it. */
  wants(label: string, part: number | undefined): boolean;
  add(sample: SourceSample): void;
  /** Classes in label order, where only reading tells them; also those without samples. */
  setClasses(names: readonly string[]): void;
  note(text: string): void;
  progress(done: number, total: number, what: string): void;
};

export type SourceDefinition<Config = unknown> = {
  readonly schema: ObjectSchema;
  /** Made by a renderer, not by a camera. */
  readonly synthetic?: boolean;
  describe(config: Config): SourceDescription;
  /** Every file that is read; their identity is the dataset's. Default: the description's paths. */
  files?(config: Config): readonly string[];
  /** Throws ExperimentError DATA_INVALID with file and line. */
  read(config: Config, context: SourceContext): Promise<void>;
};

export const defineSource = <const S extends ObjectSchema>(
  definition: Omit<SourceDefinition<Infer<S>>, 'schema'> & { readonly schema: S },
) => definition;

/** A path as messages show it: relative to the working directory where it lies below it. */
export function shownPath(path: string): string {
  const short = relative('.', path);
  return short === '' || short.startsWith(`..${sep}`) || short === '..' ? path : short;
}
