// Everything between a fresh clone and a program that runs, done once and only where needed.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonIsReady, ensureAddon } from './addon.mjs';
import { BuildFailure, buildIsReady, ensureBuild } from './build.mjs';
import { cacheRoot } from './cache-folder.mjs';
import { diskFailure, SetupFailure } from './failure.mjs';
import { ensureLibrary, libraryIsReady, locateLibrary } from './library.mjs';
import { withLock } from './lock.mjs';
import { ensurePackages, packagesAreReady } from './packages.mjs';
import { interruptibly } from './processes.mjs';
import { say } from './progress.mjs';

/** The clone. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Packages, engine and build. On a ready machine this is a handful of file checks. Failures are
 * printed and become the exit code; returns whether all is ready.
 */
export async function setUp() {
  try {
    if (!isReady()) await interruptibly(prepare);
    return true;
  } catch (error) {
    process.exitCode = explain(error);
    return false;
  }
}

function isReady() {
  const library = locateLibrary();
  return (
    packagesAreReady(root) &&
    libraryIsReady(library) &&
    addonIsReady(root, library) &&
    buildIsReady(root)
  );
}

async function prepare() {
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const onWait = (/** @type {number} */ pid) =>
    say(`waiting for another set-up of this folder (process ${pid})`);
  await withLock(join(cacheRoot(), 'locks', clone), onWait, async () => {
    await ensurePackages(root);
    const library = locateLibrary();
    await ensureAddon(root, library, await ensureLibrary(library));
    await ensureBuild(root);
  });
}

/** @param {unknown} error */
function explain(error) {
  const known =
    error instanceof Error && 'code' in error && error.code === 'ENOSPC'
      ? diskFailure('the set-up')
      : error;
  if (known instanceof SetupFailure) {
    console.error(`foldwise: ${known.message}\n  ${known.remedy}`);
    return 4;
  }
  if (known instanceof BuildFailure) {
    console.error(`foldwise: ${known.message}`);
    return 70;
  }
  console.error('foldwise: The set-up has a bug. Please report this:\n', error);
  return 70;
}
