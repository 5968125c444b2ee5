/** What a run ran on, as `result.json` records it. */
import { execFileSync } from 'node:child_process';
import type { EngineInfo } from '../engine/load.ts';
import { foldwiseVersion } from '../installation.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';

/** Commit of the repository around `directory`, or null outside of one. */
export function gitState(directory: string): ExperimentResult['environment']['git'] {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', directory, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
  } catch {
    return null;
  }
}

export function describeEnvironment(
  engine: EngineInfo | undefined,
  threads: number,
  directory: string,
): ExperimentResult['environment'] {
  return {
    foldwise: foldwiseVersion(),
    node: process.version,
    tensorflow: engine?.tensorflow ?? 'unknown',
    device: engine?.device ?? 'unknown',
    threads,
    git: gitState(directory),
    determinism: engine?.deterministic
      ? { level: 'bitwise', reason: `same bits again with ${threads} thread(s) per fold` }
      : { level: 'statistical', reason: 'kernels of this device add in no fixed order' },
  };
}
