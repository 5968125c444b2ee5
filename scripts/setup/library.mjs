// TensorFlow's C library: from the user's own installation, or out of its Python wheel.
import { existsSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, ensureFolder, isIntact } from './cache-folder.mjs';
import { diskFailure, downloadFailure, SetupFailure } from './failure.mjs';
import { findProgram, run } from './processes.mjs';
import { step } from './progress.mjs';

const version = '2.21.0';
const libraryNames = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const wheelScript = fileURLToPath(new URL('wheel.py', import.meta.url));

/** What the addon is compiled and run against; the wheel's other 700 MB are Python's. */
const wantedOfTensorFlow = [
  ...libraryNames.map((name) => `tensorflow/${name}`),
  'tensorflow/include/tensorflow/c/*',
  'tensorflow/include/tensorflow/core/platform/*',
  'tensorflow/include/tsl/platform/*',
  'tensorflow/include/xla/tsl/c/*',
];

/** CUDA's libraries, and what TensorFlow calls to assemble kernels. */
const wantedOfNvidia = ['nvidia/*/lib/*', 'nvidia/cuda_nvcc/bin/*', 'nvidia/cuda_nvcc/nvvm/*'];

/**
 * Wheel by platform and device. Size of the download in MB, and room it needs while it is unpacked
 * (measured for version 2.21.0; the CUDA libraries add some 2.5 GB of wheels, one after another).
 * @type {Record<string, Record<string, { wheel: string, downloadMB: number, roomMB: number }>>}
 */
const wheels = {
  'linux-x64': {
    cpu: { wheel: 'tensorflow-cpu', downloadMB: 274, roomMB: 1500 },
    gpu: { wheel: 'tensorflow', downloadMB: 572, roomMB: 7000 },
  },
};

/** pip's names of these platforms; with `--platform` it doesn't add the older ones by itself. */
const pipPlatforms = {
  'linux-x64': ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
};

/**
 * Where TensorFlow's library lies, or will lie once fetched.
 * @typedef {{ folder: string, libraries: string[], external: boolean }} Library
 *   `folder` is a wheel's `tensorflow` folder
 */

/** @returns {Library} */
export function locateLibrary() {
  const external = process.env.FOLDWISE_TENSORFLOW;
  const folder = external || join(cacheFolderOf(engineKind()), 'tensorflow');
  return {
    folder,
    libraries: libraryNames.map((name) => join(folder, name)),
    external: Boolean(external),
  };
}

/** @param {Library} library */
export function libraryIsReady({ folder, libraries, external }) {
  return external ? libraries.every((file) => existsSync(file)) : isIntact(dirname(folder));
}

/**
 * Fetches the library unless it is there and whole. Returns whether it was fetched.
 * @param {Library} library
 */
export async function ensureLibrary(library) {
  if (library.external) {
    checkExternal(library);
    return false;
  }
  const kind = engineKind();
  return ensureFolder(cacheFolderOf(kind), (part) => fetchLibrary(part, kind));
}

/** @param {Library} library */
function checkExternal({ folder, libraries }) {
  const missing = libraries.find((file) => !existsSync(file));
  const header = join(folder, 'include/tensorflow/c/c_api.h');
  if (missing === undefined && existsSync(header)) return;
  throw new SetupFailure(
    `FOLDWISE_TENSORFLOW is ${folder}, but ${missing ?? header} is not there.`,
    `Point it at the folder site-packages/tensorflow of TensorFlow ${version}, or unset it to have the library fetched.`,
  );
}

/** @param {'cpu' | 'gpu'} kind */
const cacheFolderOf = (kind) => join(cacheRoot(), 'engine', `${version}-${platform()}-${kind}`);

const platform = () => `${process.platform}-${process.arch}`;

/**
 * The CUDA build where there is an NVIDIA driver. FOLDWISE_ENGINE decides otherwise, for a cluster
 * whose login node has no GPU.
 * @returns {'cpu' | 'gpu'}
 */
function engineKind() {
  const wish = process.env.FOLDWISE_ENGINE;
  if (wish === 'cpu' || wish === 'gpu') return wish;
  const driver = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/libcuda.so.1'];
  return wheels[platform()]?.gpu !== undefined && driver.some((file) => existsSync(file))
    ? 'gpu'
    : 'cpu';
}

/**
 * @param {string} part
 * @param {'cpu' | 'gpu'} kind
 */
async function fetchLibrary(part, kind) {
  const choice = wheels[platform()]?.[kind];
  if (choice === undefined) {
    throw new SetupFailure(
      `There is no TensorFlow library for ${platform()} (${kind}) that Foldwise can use.`,
      'Use Linux on x86-64 (a container or WSL will do), or point FOLDWISE_TENSORFLOW at an installed site-packages/tensorflow.',
    );
  }
  checkRoom(part, choice.roomMB);
  const python = await findPip();
  const [wheel = ''] = await download(python, part, [`${choice.wheel}==${version}`], {
    what: `TensorFlow ${version} (${kind === 'gpu' ? 'CUDA' : 'CPU'})`,
    totalMB: choice.downloadMB,
  });
  const extra = kind === 'gpu' ? await cudaRequirements(python, wheel) : [];
  await unpack(python, part, wheel, wantedOfTensorFlow);
  for (const requirement of extra) {
    const [cudaWheel = ''] = await download(python, part, [requirement], {
      what: requirement.replace(/[<>=!~].*/, ''),
    });
    await unpack(python, part, cudaWheel, wantedOfNvidia);
  }
  rmSync(join(part, 'wheels'), { recursive: true });
  return sharedLibraries(part);
}

/** @param {string} folder @param {number} roomMB */
function checkRoom(folder, roomMB) {
  const { bavail, bsize } = statfsSync(folder);
  const freeMB = Math.floor((bavail * bsize) / 1e6);
  if (freeMB >= roomMB) return;
  throw new SetupFailure(
    `TensorFlow's library needs ${roomMB} MB in ${dirname(folder)}, but only ${freeMB} MB are free.`,
    'Free some space, or set XDG_CACHE_HOME to a folder on a larger disk.',
  );
}

/** A Python with pip: the wheel comes through the user's own index, proxy and cache settings. */
async function findPip() {
  const python = findProgram(['python3', 'python']);
  if (python === undefined) {
    throw new SetupFailure(
      'Python is missing; its package tool pip fetches the TensorFlow library.',
      'Install Python 3.10 or newer with pip (Debian, Ubuntu: `sudo apt install python3 python3-pip`), or point FOLDWISE_TENSORFLOW at an installed site-packages/tensorflow.',
    );
  }
  if ((await run(python, ['-m', 'pip', '--version'])).code === 0) return python;
  throw new SetupFailure(
    `${python} has no pip, which fetches the TensorFlow library.`,
    'Install pip (Debian, Ubuntu: `sudo apt install python3-pip`; elsewhere: `python3 -m ensurepip --user`), or point FOLDWISE_TENSORFLOW at an installed site-packages/tensorflow.',
  );
}

/**
 * Downloads one wheel with pip and returns its path.
 * @param {string} python
 * @param {string} part
 * @param {readonly string[]} requirements
 * @param {{ what: string, totalMB?: number }} about
 */
async function download(python, part, requirements, { what, totalMB }) {
  const folder = join(part, 'wheels');
  const before = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const platforms = pipPlatforms[/** @type {keyof typeof pipPlatforms} */ (platform())];
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-input'];
  args.push('--python-version', '3.11', ...platforms.flatMap((name) => ['--platform', name]));
  args.push('--progress-bar', 'off', '--dest', folder, ...requirements);
  await step(`fetching ${what}`, async (detail) => {
    const watch = setInterval(() => detail(megabytes(part, totalMB)), 2000);
    // pip's own temporary files lie in our folder: they count as progress and go away with it.
    const result = await run(python, args, { env: { ...process.env, TMPDIR: part } });
    clearInterval(watch);
    if (result.code !== 0) throw downloadFailure(what, result.output, 'pip');
  });
  return readdirSync(folder)
    .filter((name) => !before.has(name))
    .map((name) => join(folder, name));
}

/**
 * What pip has written so far. It copies a wheel when it has all of it, hence the limit.
 * @param {string} folder
 * @param {number | undefined} totalMB
 */
function megabytes(folder, totalMB) {
  const wheels = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.whl'),
  );
  const sizes = wheels.map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  const written = Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
  return totalMB === undefined ? `${written} MB` : `${Math.min(written, totalMB)} of ${totalMB} MB`;
}

/** @param {string} python @param {string} wheel */
async function cudaRequirements(python, wheel) {
  const result = await run(python, [wheelScript, 'requirements', wheel, 'and-cuda']);
  if (result.code !== 0) throw new Error(`wheel.py requirements: ${result.output}`);
  return result.stdout.split('\n').filter((line) => line !== '');
}

/**
 * @param {string} python
 * @param {string} part
 * @param {string} wheel
 * @param {readonly string[]} patterns
 */
async function unpack(python, part, wheel, patterns) {
  await step(`unpacking ${basename(wheel).split('-')[0]}`, async () => {
    const result = await run(python, [wheelScript, 'extract', wheel, part, ...patterns]);
    if (/ENOSPC|No space left/.test(result.output)) throw diskFailure("TensorFlow's library");
    if (result.code !== 0) throw new Error(`wheel.py extract: ${result.output}`);
  });
  rmSync(wheel); // it is as large as what came out of it
}

/** @param {string} folder */
function sharedLibraries(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.so(\.\d+)*$/.test(name),
  );
}
