/** Opens a weight file of any of the formats. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ExperimentError } from '../../errors.ts';
import { openHdf5 } from './hdf5-file.ts';
import { openSavedModel } from './saved-model.ts';
import { unfit, type WeightFile } from './stored.ts';
import { readZipEntry } from './zip.ts';

/**
 * `path`: `.h5`, `.weights.h5`, `.keras`, a tfjs `model.json`, or the folder of one.
 *
 * @throws {ExperimentError} DATA_MISSING when there is no such file, DATA_INVALID when it cannot
 * be read.
 */
export async function openWeights(path: string): Promise<WeightFile> {
  if (!existsSync(path)) {
    throw new ExperimentError(
      'DATA_MISSING',
      `the weights ${path} are not there`,
      'Paths in an experiment are relative to its file.',
    );
  }
  if (existsSync(join(path, 'model.json'))) return openSavedModel(join(path, 'model.json'));
  if (basename(path) === 'model.json') return openSavedModel(path);
  return path.endsWith('.keras') ? openKerasArchive(path) : openHdf5(path);
}

/** HDF5 reads from files alone, so the archive's weights go through one. */
async function openKerasArchive(path: string): Promise<WeightFile> {
  const directory = mkdtempSync(join(tmpdir(), 'foldwise-'));
  const clear = () => rmSync(directory, { recursive: true, force: true });
  try {
    const content = readZipEntry(path, 'model.weights.h5');
    if (content === undefined) throw new Error('no model.weights.h5 in it');
    const file = join(directory, 'model.weights.h5');
    writeFileSync(file, content);
    const opened = await openHdf5(file, path);
    return {
      ...opened,
      close: () => {
        opened.close();
        clear();
      },
    };
  } catch (error) {
    clear();
    if (error instanceof ExperimentError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw unfit(path, `it cannot be read as a .keras archive: ${reason}`);
  }
}
