// `npm run exp -- ARGS`: the command `foldwise`, after whatever set-up is still missing.
import { nodeIsNewEnough } from './setup/node-version.mjs';

if (nodeIsNewEnough()) {
  const { runCommand } = await import('./setup/run-command.mjs');
  await runCommand();
}
