import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './set-up.mjs';
import { commandWithFlags } from './swallowed-flags.mjs';

/** Sets up, then becomes the command itself: same process, so signals and exit codes are its own. */
export async function runCommand() {
  const args = process.argv.slice(2);
  const command = commandWithFlags(args, process.env);
  if (command !== undefined) {
    console.error(`foldwise: npm kept flags for itself. Flags go after \`--\`:\n  ${command}`);
    process.exitCode = 2;
    return;
  }
  if (!(await setUp())) return;
  const cli = join(root, 'dist/cli.js');
  process.argv = [process.execPath, cli, ...args];
  await import(pathToFileURL(cli).href);
}
