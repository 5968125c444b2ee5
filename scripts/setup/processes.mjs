// Child processes of the set-up, and what to tidy when it is interrupted.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @type {Set<() => void>} */
const tidying = new Set();

/**
 * Registers what to undo should the set-up be interrupted. Returns a function that forgets it.
 * @param {() => void} undo
 */
export function onInterrupt(undo) {
  tidying.add(undo);
  return () => {
    tidying.delete(undo);
  };
}

/**
 * Runs `work` with Ctrl-C and SIGTERM tidied up after: children ended, part-made folders removed.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function interruptibly(work) {
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    for (const undo of [...tidying].reverse()) undo();
    console.error('\nfoldwise: Set-up interrupted. Run the same command again to go on.');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/**
 * Runs a program to its end and collects what it says.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, stdout: string, output: string }>}
 *   `output` is both streams together; `code` is null after a signal or a failed start
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const forget = onInterrupt(() => child.kill());
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code, signal) => {
      forget();
      resolve({ code: code !== null && code < 0 ? null : code, signal, stdout, output });
    });
  });
}

/**
 * Full path of the first of these programs that is on the PATH.
 * @param {readonly (string | undefined)[]} names
 */
export function findProgram(names, path = process.env.PATH ?? '') {
  for (const name of names) {
    if (!name) continue;
    for (const folder of name.includes('/') ? [''] : path.split(delimiter)) {
      const candidate = join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // not here
      }
    }
  }
  return undefined;
}
