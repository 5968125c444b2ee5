/** A model in tfjs's layers format (`model.json` and weights), complete or not there at all. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-node-gpu';

export async function saveModel(model: LayersModel, directory: string): Promise<void> {
  const temporary = `${directory}.${process.pid}.tmp`;
  mkdirSync(dirname(directory), { recursive: true });
  await model.save(`file://${temporary}`);
  if (existsSync(directory)) rmSync(directory, { recursive: true });
  renameSync(temporary, directory);
}
