// dist/, bundled from src/ whenever a source file is newer, gone or added.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { lastLines } from './failure.mjs';
import { onInterrupt } from './processes.mjs';
import { step } from './progress.mjs';

/** The command itself, and what it starts as processes of their own. */
const entryPoints = ['src/cli.ts', 'src/execution/worker.ts'];

/** src/ does not compile: somebody is in the middle of changing it. */
export class BuildFailure extends Error {}

/** @param {string} root */
export function buildIsReady(root) {
  try {
    return readFileSync(stampPath(join(root, 'dist')), 'utf8') === signature(root);
  } catch {
    return false;
  }
}

/** @param {string} root */
export async function ensureBuild(root) {
  if (buildIsReady(root)) return;
  const stamp = signature(root);
  const part = join(root, `dist.${process.pid}.tmp`);
  const old = join(root, `dist.${process.pid}.old.tmp`);
  const discard = () => rmSync(part, { recursive: true, force: true });
  const forget = onInterrupt(discard);
  try {
    await step('building', () => compile(root, part));
    writeFileSync(stampPath(part), stamp);
    moveAway(join(root, 'dist'), old);
    renameSync(part, join(root, 'dist'));
    rmSync(old, { recursive: true, force: true });
  } finally {
    forget();
    discard();
  }
}

/** @param {string} dist */
const stampPath = (dist) => join(dist, '.built-from');

/** Name, time and size of every source file: cheaper than reading them. */
function signature(/** @type {string} */ root) {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
  for (const file of [...sources.map((name) => join('src', name)), 'scripts/setup/bundle.mjs']) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} root @param {string} folder */
async function compile(root, folder) {
  try {
    await bundle({ root, entryPoints, base: 'src', folder });
  } catch (error) {
    throw new BuildFailure(
      `src/ does not compile:\n${lastLines(error instanceof Error ? error.message : String(error), 20)}`,
    );
  }
}

/** @param {string} from @param {string} to */
function moveAway(from, to) {
  try {
    renameSync(from, to);
  } catch {
    // The first build: nothing to move.
  }
}
