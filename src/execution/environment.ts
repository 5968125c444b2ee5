/** What a run ran on, as `result.json` records it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { EngineInfo } from '../engine/load.ts';
import type { ExperimentResult } from '../result/experiment-result.ts';

/** The version of Foldwise, from its own package.json. */
export function foldwiseVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

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
