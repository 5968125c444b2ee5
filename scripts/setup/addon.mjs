// The native addon of tfjs-node, compiled against TensorFlow's library, and its link in the clone.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, ensureFolder, isIntact } from './cache-folder.mjs';
import { lastLines, SetupFailure } from './failure.mjs';
import { findProgram, run } from './processes.mjs';
import { step } from './progress.mjs';

/** @typedef {import('./library.mjs').Library} Library */

const quietLoader = fileURLToPath(new URL('load-quietly.cc', import.meta.url));
const verifier = fileURLToPath(new URL('verify-addon.mjs', import.meta.url));
const outputs = ['tfjs_binding.node', 'tfjs_backend.node'];

/** @param {string} root @param {Library} library */
export function addonIsReady(root, library) {
  const folder = folderOf(root, library);
  return isIntact(folder) && linkTarget(root) === join(folder, 'tfjs_binding.node');
}

/**
 * Compiles the addon unless it is there and whole, tries it, and links it into the clone.
 * @param {string} root
 * @param {Library} library
 * @param {boolean} libraryIsNew
 */
export async function ensureAddon(root, library, libraryIsNew) {
  const folder = folderOf(root, library);
  const isNew = await ensureFolder(folder, (part) => compile(root, library, part));
  if (!isNew && libraryIsNew) await verify(folder, library);
  link(root, join(folder, 'tfjs_binding.node'));
}

/** Keyed by all that goes into it, so that clones with other versions keep their own. */
function folderOf(/** @type {string} */ root, /** @type {Library} */ library) {
  const manifest = JSON.parse(readFileSync(join(sources(root), 'package.json'), 'utf8'));
  const key = createHash('sha256')
    .update(library.folder)
    .update(readFileSync(quietLoader))
    .digest('hex')
    .slice(0, 12);
  return join(cacheRoot(), 'addon', `${manifest.version}-${key}`);
}

/** @param {string} root */
const sources = (root) => join(root, 'node_modules/@tensorflow/tfjs-node-gpu');

/** Where tfjs-node looks for its addon. */
const linkPath = (/** @type {string} */ root) =>
  join(sources(root), 'lib/napi-v8/tfjs_binding.node');

/** @param {string} root */
function linkTarget(root) {
  try {
    return readlinkSync(linkPath(root));
  } catch {
    return undefined; // not there, or somebody's own file
  }
}

/** @param {string} root @param {string} target */
function link(root, target) {
  const path = linkPath(root);
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  symlinkSync(target, aside);
  renameSync(aside, path); // replaces in one go: a running process never finds it missing
}

/**
 * @param {string} root
 * @param {Library} library
 * @param {string} part
 */
async function compile(root, library, part) {
  const compiler = findProgram([process.env.CXX, 'c++', 'g++', 'clang++']);
  if (compiler === undefined) {
    throw new SetupFailure(
      'A C++ compiler is missing; it builds the bridge between Node and TensorFlow.',
      'Install one (Debian, Ubuntu: `sudo apt install g++`; Fedora: `sudo dnf install gcc-c++`), or set CXX to yours.',
    );
  }
  const tfjs = sources(root);
  const headers = join(root, 'node_modules/node-api-headers/include');
  const common = ['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8', `-I${headers}`];
  const backend = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjs, 'binding', name));
  await step('compiling the bridge to TensorFlow', async () => {
    await compileOne(compiler, [
      ...common,
      `-I${tfjs}`,
      `-I${join(library.folder, 'include')}`,
      ...backend,
      ...library.libraries,
      `-Wl,-rpath,${library.folder}`,
      '-o',
      join(part, 'tfjs_backend.node'),
    ]);
    const loader = join(part, 'tfjs_binding.node');
    await compileOne(compiler, [...common, quietLoader, '-ldl', '-o', loader]);
  });
  await verify(part, library);
  // An upgrade of the user's own TensorFlow changes the sizes, and so compiles anew.
  return library.external ? [...outputs, ...library.libraries] : outputs;
}

/** @param {string} compiler @param {readonly string[]} args */
async function compileOne(compiler, args) {
  const { code, output } = await run(compiler, args);
  if (code === 0) return;
  throw new SetupFailure(
    `${compiler} could not compile the bridge to TensorFlow:\n${lastLines(output, 12)}`,
    'A compiler for C++17 with its standard library is needed (GCC 9 or Clang 10, or newer); CXX chooses another one.',
  );
}

/**
 * Multiplies two matrices in a process of its own: a library that doesn't fit would end ours.
 * @param {string} folder
 * @param {Library} library
 */
async function verify(folder, library) {
  await step('trying the engine', async () => {
    const addon = join(folder, 'tfjs_binding.node');
    const { code, signal, output } = await run(process.execPath, [verifier, addon]);
    if (code === 0) return;
    throw new SetupFailure(
      `The engine in ${library.folder} does not compute (${signal ?? `exit ${code}`}):\n${lastLines(output)}`,
      library.external
        ? 'Point FOLDWISE_TENSORFLOW at a TensorFlow that `python3 -c "import tensorflow"` can load, or unset it.'
        : `TensorFlow needs a processor with AVX and glibc 2.27 or newer. If this machine has both, delete ${dirname(library.folder)} and run the same command again.`,
    );
  });
}
