/** What works on this machine for training, as plain data: one check per thing that can be wrong. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, homedir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ExperimentError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { describeEngine, loadEngine } from './load.ts';

export type Check = {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, such as a version or a size. */
  readonly detail: string;
  /** What to do, when it is not ok. */
  readonly remedy?: string | undefined;
};

/** Rows of the timed matrix product: large enough to keep every core busy for milliseconds. */
const productSize = 1024;
/** A fold process of the thesis's CNN on FER-2013 takes up to 1.2 GB (DESIGN: speed). */
const neededMemory = 2e9;
/** Room for a run with its models, and for repairing the engine (1.5 GB while it is unpacked). */
const neededDisk = 2e9;

/**
 * All checks, in the order in which a set-up needs the things. Never throws. `env` says where to
 * look for programs (PATH, CXX) and for the cache (XDG_CACHE_HOME).
 */
export async function examineMachine(env: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  const compiler = await checkCompiler(env);
  const pip = await checkPip(env);
  const engine = await examineEngine(env);
  return [
    checkNode(process.versions.node),
    compiler,
    pip,
    ...engine,
    checkMemory(process.availableMemory(), totalmem()),
    checkDisk('disk for the cache', cacheFolder(env)),
    checkDisk('disk for runs', process.cwd()),
  ];
}

/** Node 20.19 is the oldest that the packages take (package.json, engines). */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'node',
    ok,
    detail: version,
    remedy: ok ? undefined : 'Install Node 22 or 24 from https://nodejs.org.',
  };
}

async function checkCompiler(env: NodeJS.ProcessEnv): Promise<Check> {
  const names = [env.CXX, 'c++', 'g++', 'clang++'];
  const version = await firstAnswer(
    names.map((name) => [name ?? '', '--version']),
    env,
  );
  return {
    name: 'C++ compiler',
    ok: version !== undefined,
    detail: version ?? 'none found; needed to set up the engine, not to train',
    remedy:
      version === undefined
        ? 'Install one: `sudo apt install g++`, or set CXX to yours.'
        : undefined,
  };
}

async function checkPip(env: NodeJS.ProcessEnv): Promise<Check> {
  const pip = ['-m', 'pip', '--version'];
  const commands = [
    ['python3', ...pip],
    ['python', ...pip],
  ];
  const version = await firstAnswer(commands, env);
  return {
    name: 'Python with pip',
    ok: version !== undefined,
    detail: version ?? 'none found; needed to fetch TensorFlow and MLflow, not to train',
    remedy:
      version === undefined
        ? 'Install Python 3.10 or newer with pip: `sudo apt install python3 python3-pip`.'
        : undefined,
  };
}

/** Engine, device and threads; the last two only where there is an engine to ask. */
async function examineEngine(env: NodeJS.ProcessEnv): Promise<Check[]> {
  try {
    const tf = await loadEngine();
    const { tensorflow, threads } = describeEngine(tf);
    const milliseconds = await timeProduct(tf);
    return [
      {
        name: 'engine',
        ok: true,
        detail:
          `TensorFlow ${tensorflow} from ${engineFolder()}; ` +
          `${productSize}×${productSize} product in ${milliseconds.toFixed(1)} ms`,
      },
      await checkDevice(tf, env),
      { name: 'threads', ok: true, detail: `${threads} of ${availableParallelism()} cores` },
    ];
  } catch (error) {
    const remedy = error instanceof ExperimentError ? error.hint : undefined;
    const detail = error instanceof Error ? error.message : String(error);
    return [{ name: 'engine', ok: false, detail, remedy }];
  }
}

/** Median of 5 products after a warm-up, in milliseconds. */
async function timeProduct(tf: Engine): Promise<number> {
  const matrix = tf.randomUniform([productSize, productSize], 0, 1, 'float32', 1);
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    const product = tf.matMul(matrix, matrix, false, true);
    await product.data();
    times.push(performance.now() - start);
    product.dispose();
  }
  matrix.dispose();
  return times.slice(1).sort((a, b) => a - b)[2] ?? 0;
}

/** The GPU that computes; not ok when there is one that TensorFlow does not take. */
async function checkDevice(tf: Engine, env: NodeJS.ProcessEnv): Promise<Check> {
  const query = [
    'nvidia-smi',
    '--query-gpu=name,driver_version,memory.total',
    '--format=csv,noheader',
  ];
  const gpu = await firstAnswer([query], env);
  if (describeEngine(tf).device === 'gpu') {
    return { name: 'device', ok: true, detail: `gpu: ${gpu ?? 'unnamed'}` };
  }
  const detail = gpu === undefined ? 'cpu; no NVIDIA GPU found' : `cpu, although there is ${gpu}`;
  return {
    name: 'device',
    ok: gpu === undefined,
    detail,
    remedy:
      gpu === undefined
        ? undefined
        : 'Set FOLDWISE_ENGINE=gpu to have the CUDA build fetched; TF_CPP_MIN_LOG_LEVEL=0 says why TensorFlow refuses the GPU (often: a driver too old for CUDA 12).',
  };
}

/** Both in bytes; `available` counts a container's limit. */
export function checkMemory(available: number, total: number): Check {
  const ok = available >= neededMemory;
  return {
    name: 'memory',
    ok,
    detail: `${gigabytes(available)} free of ${gigabytes(total)}`,
    remedy: ok
      ? undefined
      : 'Close other programs, or train fewer folds at once: `--folds-at-once 1`.',
  };
}

/** Free space where `folder` is, or will be made. */
export function checkDisk(name: string, folder: string): Check {
  const place = nearestExisting(folder);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const ok = free >= neededDisk;
  return {
    name,
    ok,
    detail: `${gigabytes(free)} free in ${folder}`,
    remedy: ok ? undefined : `Free some space; ${gigabytes(neededDisk)} are a safe amount.`,
  };
}

const nearestExisting = (folder: string): string =>
  existsSync(folder) ? folder : nearestExisting(dirname(folder));

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** `$XDG_CACHE_HOME/foldwise`, usually `~/.cache/foldwise`: engine and dataset caches. */
const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'foldwise');

/** Where the addon that tfjs-node has loaded really lies. */
function engineFolder(): string {
  const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
  return dirname(realpathSync(join(dirname(tfjs), 'lib/napi-v8/tfjs_binding.node')));
}

/** First line that the first of these commands to succeed prints. */
async function firstAnswer(
  commands: readonly (readonly string[])[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  for (const [program = '', ...args] of commands) {
    if (program === '') continue;
    try {
      const { stdout } = await promisify(execFile)(program, args, { env });
      return stdout.split('\n')[0];
    } catch {
      // Not installed, or not working: the next one.
    }
  }
  return undefined;
}
