/** The weights that every fold starts from: on this machine and known to fit before one begins. */
import { existsSync } from 'node:fs';
import type { LoadedExperiment } from '../config/load.ts';
import { ExperimentError } from '../errors.ts';
import type { ModelConfig } from '../model/schema.ts';
import { resolveWeights } from '../model/weights/resolve-weights.ts';
import { readResult } from '../result/read-result.ts';
import { runPaths } from '../result/run-directory.ts';
import { chooseFold } from './best-fold.ts';
import type { RunObserver } from './observer.ts';
import type { PreparedExperiment } from './prepare.ts';

/**
 * Path of the weight file, downloaded if need be; null when all weights are random. What is wrong
 * with a file is said at the line that names it.
 */
export async function prepareWeights(
  experiment: LoadedExperiment,
  { config, graph }: PreparedExperiment,
  observer: Pick<RunObserver, 'onStep'>,
): Promise<string | null> {
  try {
    return await resolveWeights(withModelOfRun(config.model), graph, (what, bytes, total) =>
      observer.onStep(what, bytes, total),
    );
  } catch (error) {
    if (!(error instanceof ExperimentError) || !error.code.startsWith('DATA_')) throw error;
    const { message, hint } = error;
    const path = config.model.import ? ['model', 'import'] : ['model', 'backbone', 'weights'];
    throw experiment.error([{ path, message, hint }]);
  }
}

/** `weights: runs/<name>/<run-id>` means the model of that run's best fold. */
function withModelOfRun(model: ModelConfig): ModelConfig {
  const { backbone } = model;
  if (!backbone || !existsSync(runPaths(backbone.weights).result)) return model;
  const paths = runPaths(backbone.weights);
  const { fold } = chooseFold(readResult(paths), paths);
  return { ...model, backbone: { ...backbone, weights: paths.fold(fold).model } };
}
