// Types, lint and jest, counted together. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

/**
 * Sets up and runs all checks; exit code 1 when one failed.
 * @param {readonly string[]} jestOptions
 */
export async function runChecks(jestOptions) {
  const counts = [];
  if (await setUp()) {
    counts.push(await check('types', ['typescript/bin/tsc', '--noEmit']));
    counts.push(
      await check('types of scripts', ['typescript/bin/tsc', '--noEmit', '-p', 'scripts']),
    );
    counts.push(
      await check('lint', ['@biomejs/biome/bin/biome', 'check', '--no-errors-on-unmatched']),
    );
    counts.push(await runJest(jestOptions));
  } else {
    counts.push({ passed: 0, failed: 1 });
  }
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  if (failed > 0) process.exitCode ||= 1;
  console.log(`${passed} passed, ${failed} failed`);
}

/**
 * One tool that is right or wrong as a whole.
 * @param {string} name
 * @param {readonly string[]} command
 * @returns {Promise<Count>}
 */
async function check(name, command) {
  const right = (await runTool(command)) === 0;
  console.error(`${right ? 'PASS' : 'FAIL'} ${name}`);
  return right ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {readonly string[]} options
 * @returns {Promise<Count>}
 */
async function runJest(options) {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-test-'));
  const output = join(folder, 'results.json');
  try {
    const json = ['--json', `--outputFile=${output}`, `--maxWorkers=${workers()}`];
    const memory = '--workerIdleMemoryLimit=1500MB'; // tensors of a native library outlive a suite
    const code = await runTool(['jest/bin/jest.js', ...json, memory, ...options]);
    return count(output, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cores, but no more than memory carries: a worker with TensorFlow takes up to 2 GB. */
const workers = () => Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 3e9)));

/**
 * Counts jest's own results. A suite that could not run counts as a failure, and so does a test
 * that is skipped: it proves nothing.
 * @param {string} output
 * @param {number} code
 * @returns {Count}
 */
function count(output, code) {
  const results = readResults(output);
  if (results === undefined) return { passed: 0, failed: 1 };
  const skipped = results.numPendingTests + results.numTodoTests;
  if (skipped > 0) console.error(`FAIL ${skipped} skipped tests count as failed`);
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + skipped;
  // jest may fail for another reason, such as no test found.
  return { passed: results.numPassedTests, failed: failed || (code === 0 ? 0 : 1) };
}

/** @param {string} path */
function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // jest ended before it wrote them, and has said why
  }
}

/**
 * Runs a tool of node_modules on the terminal; jest's results as JSON go to a file, not stdout.
 * @param {readonly string[]} command
 * @returns {Promise<number>} its exit code, 1 after a signal
 */
function runTool([script = '', ...args]) {
  const modules = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const tool = join(root, 'node_modules', script);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...modules, tool, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
