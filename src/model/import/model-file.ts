/** Reads the architecture out of a model file: Keras JSON, `.keras`, or a saved tfjs model. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readZipEntry } from '../weights/zip.ts';

/** A model or a layer as Keras 2, Keras 3 and tfjs describe it. */
export type KerasObject = {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly inbound_nodes?: readonly unknown[];
};

export type ModelFile = {
  readonly model: KerasObject;
  /** Whether the same file (or folder) has the weights, too. */
  readonly hasWeights: boolean;
};

/**
 * `path`: a `.keras` file, a JSON file, or the folder of a tfjs `model.json`.
 *
 * @throws {Error} saying what is wrong with the file.
 */
export function readModelFile(path: string): ModelFile {
  const inFolder = join(path, 'model.json');
  const file = existsSync(inFolder) ? inFolder : path;
  if (!existsSync(file)) throw new Error('it is not there');
  const found = modelIn(JSON.parse(jsonOf(file)));
  if (found === undefined) throw new Error('it describes no Keras model');
  const hasWeights = file.endsWith('.keras') || basename(file) === 'model.json';
  return { model: found, hasWeights };
}

function jsonOf(file: string): string {
  if (!file.endsWith('.keras')) return readFileSync(file, 'utf8');
  const config = readZipEntry(file, 'config.json');
  if (config === undefined) throw new Error('it is no .keras archive: it has no config.json');
  return config.toString();
}

/** tfjs puts the model into `modelTopology`, and that at times into `model_config`. */
function modelIn(value: unknown): KerasObject | undefined {
  if (!isObject(value)) return undefined;
  if (isKerasObject(value)) return value;
  return modelIn(value.modelTopology ?? value.model_config);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isKerasObject = (value: unknown): value is KerasObject =>
  isObject(value) && typeof value.class_name === 'string' && isObject(value.config);
