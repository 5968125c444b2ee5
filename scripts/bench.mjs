// `npm run bench -- [--quick] [ROW…]`: set-up, then the benchmark.
import { spawn } from 'node:child_process';
import { nodeIsNewEnough } from './setup/node-version.mjs';

if (nodeIsNewEnough()) {
  const { root, setUp } = await import('./setup/set-up.mjs');
  if (await setUp()) {
    const args = ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)];
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => {
      process.exitCode = code ?? 70;
    });
  }
}
