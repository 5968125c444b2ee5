// The npm packages of the clone, as package-lock.json wants them.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskFailure, downloadFailure } from './failure.mjs';
import { findProgram, run } from './processes.mjs';
import { step } from './progress.mjs';

/** Whether the set-up has installed, or found, just what the lock file names. */
export function packagesAreReady(/** @type {string} */ root) {
  return readText(stampPath(root)) === signature(root);
}

/** @param {string} root */
export async function ensurePackages(root) {
  if (packagesAreReady(root)) return;
  if (!installedByHand(root)) await install(root);
  writeFileSync(stampPath(root), signature(root));
}

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules/.foldwise-packages');

/** @param {string} root */
function signature(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${process.platform}-${process.arch} ${createHash('sha256').update(lock).digest('hex')}`;
}

/** Whether somebody's own `npm ci` or `npm install` left what the lock file names. */
function installedByHand(/** @type {string} */ root) {
  const installed = readText(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

/** @param {string} root */
async function install(root) {
  // Under `npm run`, npm says where it is itself.
  const [program, ...before] = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : [findProgram(['npm']) ?? 'npm'];
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--loglevel=error',
  ];
  await step('installing the npm packages', async () => {
    const result = await run(program, [...before, 'ci', ...flags], { cwd: root });
    if (result.code === 0) return;
    if (/ENOSPC/.test(result.output)) throw diskFailure('the npm packages');
    throw downloadFailure('the npm packages', result.output, 'npm');
  });
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
