/** The machine, and the config as it was run. */
import { existsSync, readFileSync } from 'node:fs';
import type { ExperimentResult } from '../../result/experiment-result.ts';
import type { RunPaths } from '../../result/run-directory.ts';

export function circumstances(
  { environment, run_id, started_at }: ExperimentResult,
  paths: RunPaths,
) {
  const { determinism, git } = environment;
  const commit =
    git === null ? 'no repository' : `${git.commit}${git.dirty ? ' with changes' : ''}`;
  return {
    environment: [
      { name: 'run', value: run_id },
      { name: 'started', value: started_at },
      { name: 'Foldwise', value: environment.foldwise },
      { name: 'Node.js', value: environment.node },
      { name: 'TensorFlow', value: environment.tensorflow },
      { name: 'device', value: environment.device },
      { name: 'threads per fold', value: String(environment.threads) },
      { name: 'git commit', value: commit },
      { name: 'repeatability', value: `${determinism.level}: ${determinism.reason}` },
    ],
    config: existsSync(paths.config) ? readFileSync(paths.config, 'utf8') : '',
  };
}
