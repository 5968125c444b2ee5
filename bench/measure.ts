/** Programs run one after the other, in pairs that alternate, so that a busy minute hits both. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export type Ended = {
  /** Wall time of the whole process. */
  readonly seconds: number;
  readonly stdout: string;
};

type RunOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are no failure. */
  readonly codes?: readonly number[];
};

/** Runs a program to its end. Throws with the end of what it said when it fails. */
export function run(
  program: string,
  args: readonly string[],
  { cwd = root, env = {}, codes = [0] }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== null && codes.includes(code))
        resolve({ seconds: (performance.now() - started) / 1000, stdout });
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}`));
    });
  });
}

/** What a measured program prints as its last line. */
export function lastLine<Reported>({ stdout }: Ended): Reported {
  // Each caller knows what its own program prints.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Reported;
}

/** A program of `bench/foldwise/` in TypeScript. */
export const runFoldwise = (name: string, args: readonly string[]): Promise<Ended> =>
  run(process.execPath, ['--import', 'tsx', `bench/foldwise/${name}.ts`, ...args]);

/** The built command, as a user runs it; a missed threshold is no failure. */
export const runCommand = (args: readonly string[], cwd: string): Promise<Ended> =>
  run(process.execPath, [fileURLToPath(new URL('../dist/cli.js', import.meta.url)), ...args], {
    cwd,
    codes: [0, 1],
  });

export type Pair = { readonly ours: number; readonly theirs: number };

/** Measures both sides `rounds` times, and changes who is first. */
export async function inPairs(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await ours();
      pairs.push({ ours: first, theirs: await theirs() });
    } else {
      const first = await theirs();
      pairs.push({ ours: await ours(), theirs: first });
    }
  }
  return pairs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export const inRounds = async (
  rounds: number,
  measure: () => Promise<number>,
): Promise<number[]> => {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) values.push(await measure());
  return values;
};
